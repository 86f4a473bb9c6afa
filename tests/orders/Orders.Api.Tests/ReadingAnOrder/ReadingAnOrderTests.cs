using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.ReadingAnOrder;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;
using static Orders.Api.Tests.OrderHistory;

namespace Orders.Api.Tests.ReadingAnOrder;

public sealed class ReadingAnOrderTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task A_just_placed_order_is_there_before_the_view_has_seen_it()
    {
        var id = await PlaceAsync();

        var response = await GetAsync(id);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ViewVersion(response).ShouldBe("-1");
        var order = await response.JsonAsync();
        order["status"]!.GetValue<string>().ShouldBe("Placed");
        order["version"]!.GetValue<long>().ShouldBe(0);
        order["subtotal"]!.GetValue<decimal>().ShouldBe(99.80m);
        order.ShouldNotContainKey("tax");
        order.ShouldNotContainKey("shipment");
    }

    [Fact]
    public async Task An_order_is_read_from_the_view()
    {
        var id = await PlaceAsync(Taxed, Paid, Shipped, Notified(NoticeKind.Shipped));
        await service.ProjectAsync(id);

        var response = await GetAsync(id);

        ViewVersion(response).ShouldBe("4");
        var order = await response.JsonAsync();
        order.Select(field => field.Key).ShouldBe(
        [
            "orderId", "customerId", "status", "version", "currency", "subtotal", "tax", "total", "lines", "shipment", "placedAt", "updatedAt",
        ]);
        order["orderId"]!.GetValue<string>().ShouldBe(id);
        order["status"]!.GetValue<string>().ShouldBe("Completed");
        order["total"]!.GetValue<decimal>().ShouldBe(110.03m);
        order["lines"]![0]!.ToJsonString().ShouldBe("""{"sku":"KB-01","name":"Keyboard","quantity":2,"unitPrice":49.90}""");
        order["shipment"]!.ToJsonString().ShouldBe("""{"carrier":"Parcel","trackingNumber":"SP1"}""");
    }

    [Fact]
    public async Task What_customer_and_products_are_called_is_shown_beside_the_names_they_were_sold_by()
    {
        var id = await PlaceAsync(Taxed);
        await service.ProjectAsync(id, order => order with
        {
            Names = [new(ReferenceKind.Customer, order.CustomerId, "Ada King", 2), new(ReferenceKind.Product, "KB-01", "Keyboard, quiet", 1)],
        });

        var order = await (await GetAsync(id)).JsonAsync();

        order["customerName"]!.GetValue<string>().ShouldBe("Ada King");
        (order["lines"]![0]!["name"]!.GetValue<string>(), order["lines"]![0]!["productName"]!.GetValue<string>()).ShouldBe(("Keyboard", "Keyboard, quiet"));
    }

    [Fact]
    public async Task An_order_that_ended_badly_says_why()
    {
        var id = await PlaceAsync(Taxed, Paid, Rejected, Refunded);
        await service.ProjectAsync(id);

        var order = await (await GetAsync(id)).JsonAsync();

        order["status"]!.GetValue<string>().ShouldBe("Rejected");
        order["reason"]!.GetValue<string>().ShouldBe("out of stock");
        order["refunded"]!.GetValue<decimal>().ShouldBe(110.03m);
    }

    [Fact]
    public async Task Who_asks_for_a_version_waits_until_the_view_has_it()
    {
        var id = await PlaceAsync(Taxed);
        await service.ProjectAsync(id, upTo: 0);

        var waiting = GetAsync(id, "?minVersion=1");
        waiting.IsCompleted.ShouldBeFalse();
        await service.ProjectAsync(id);

        var response = await waiting;
        ViewVersion(response).ShouldBe("1");
        (await response.JsonAsync())["status"]!.GetValue<string>().ShouldBe("Taxed");
    }

    [Fact]
    public async Task Who_asks_for_a_version_that_does_not_come_gets_what_there_is_after_5_seconds()
    {
        var id = await PlaceAsync(Taxed);
        await service.ProjectAsync(id, upTo: 0);

        var watch = Stopwatch.StartNew();
        var response = await GetAsync(id, "?minVersion=9");

        watch.Elapsed.ShouldBeGreaterThanOrEqualTo(OrderStatusReader.MaxWait);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ViewVersion(response).ShouldBe("0");
        (await response.JsonAsync())["version"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task Answers_never_go_backwards_however_far_the_view_is()
    {
        var id = await PlaceAsync();
        var (appended, seen) = (0L, 0L);
        var random = new Random(7);
        object[] events = [Taxed, Paid, Rejected, Refunded];
        while (appended < events.Length || random.Next(3) > 0)
        {
            if (appended < events.Length && random.Next(2) == 0)
                await service.AppendToAsync(id, events[appended++]);
            else if (random.Next(2) == 0)
                await service.ProjectAsync(id, upTo: random.Next((int)appended + 1)); // even a view that goes backwards itself

            var version = (await (await GetAsync(id)).JsonAsync())["version"]!.GetValue<long>();
            version.ShouldBeGreaterThanOrEqualTo(seen);
            version.ShouldBe(appended);
            seen = version;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_event_nobody_can_read_ends_what_is_told(int viewVersion)
    {
        var id = await PlaceAsync(Taxed);
        await service.ProjectAsync(id, upTo: viewVersion);
        var events = service.Services.GetRequiredService<OrdersDatabase>().Events;
        var unreadable = new { id = "2", streamId = id, version = 2, type = "Unheard", schema = 9 };
        await events.CreateItemAsync(unreadable, new(id), cancellationToken: TestContext.Current.CancellationToken);

        (await (await GetAsync(id)).JsonAsync())["version"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_waits_for_an_order_that_does_not_exist()
    {
        var watch = Stopwatch.StartNew();
        await (await GetAsync(Guid.NewGuid().ToString(), "?minVersion=3")).ProblemAsync(404);

        watch.Elapsed.ShouldBeLessThan(OrderStatusReader.MaxWait);
    }

    [Fact]
    public async Task An_order_can_be_seen_as_it_was()
    {
        var id = await PlaceAsync(Taxed, Paid, Shipped);
        var events = await service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);

        (await (await GetAsync(id, "?atVersion=0")).JsonAsync())["status"]!.GetValue<string>().ShouldBe("Placed");
        (await (await GetAsync(id, "?atVersion=2")).JsonAsync())["status"]!.GetValue<string>().ShouldBe("Paid");
        var then = Uri.EscapeDataString(events[0].Meta.At.ToString("O"));
        (await (await GetAsync(id, $"?at={then}")).JsonAsync())["status"]!.GetValue<string>().ShouldBe("Placed");
        (await (await GetAsync(id, "?at=2100-01-01T00:00:00Z")).JsonAsync())["version"]!.GetValue<long>().ShouldBe(3);
    }

    [Theory]
    [InlineData("?atVersion=-1", "atVersion")]
    [InlineData("?at=yesterday", "at")]
    [InlineData("?atVersion=0&at=2026-01-01T00:00:00Z", "at")]
    [InlineData("?atVersion=0&minVersion=0", "minVersion")]
    public async Task A_wrong_point_in_time_is_named(string query, string field) =>
        (await (await GetAsync(Guid.NewGuid().ToString(), query)).ProblemAsync(400)).Fields().ShouldBe([field]);

    [Fact]
    public async Task There_is_nothing_to_see_before_an_order_or_after_its_last_version()
    {
        var id = await PlaceAsync(Taxed);

        (await (await GetAsync(id, "?atVersion=2")).ProblemAsync(404))["detail"]!.GetValue<string>().ShouldContain("its last is 1");
        (await (await GetAsync(id, "?at=2020-01-01T00:00:00Z")).ProblemAsync(404))["detail"]!.GetValue<string>().ShouldContain("nothing to see before");
        await (await GetAsync(Guid.NewGuid().ToString(), "?atVersion=0")).ProblemAsync(404);
    }

    private static string ViewVersion(HttpResponseMessage response) => response.Headers.GetValues("X-View-Version").Single();

    private Task<HttpResponseMessage> GetAsync(string id, string query = "") =>
        _client.GetAsync($"/orders/{id}{query}", TestContext.Current.CancellationToken);

    private async Task<string> PlaceAsync(params object[] andThen)
    {
        var response = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());
        var id = (await response.JsonAsync())["orderId"]!.GetValue<string>();
        if (andThen.Length > 0)
            await service.AppendToAsync(id, andThen);
        return id;
    }
}
