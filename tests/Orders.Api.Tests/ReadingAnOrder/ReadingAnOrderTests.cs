using System.Diagnostics;
using System.Net;
using OrderPipeline.Contracts;
using OrderPipeline.Orders.Api.ReadingAnOrder;
using static OrderPipeline.Orders.Api.Tests.OrderHistory;

namespace OrderPipeline.Orders.Api.Tests.ReadingAnOrder;

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
        (await response.JsonAsync())["version"]!.GetValue<long>().ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_waits_for_an_order_that_does_not_exist()
    {
        var watch = Stopwatch.StartNew();
        await (await GetAsync(Guid.NewGuid().ToString(), "?minVersion=3")).ProblemAsync(404);

        watch.Elapsed.ShouldBeLessThan(OrderStatusReader.MaxWait);
    }

    private static string ViewVersion(HttpResponseMessage response) => response.Headers.GetValues("X-View-Version").Single();

    private Task<HttpResponseMessage> GetAsync(string id, string query = "") =>
        _client.GetAsync($"/orders/{id}{query}", TestContext.Current.CancellationToken);

    private async Task<string> PlaceAsync(params object[] andThen)
    {
        var response = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());
        var id = (await response.JsonAsync())["orderId"]!.GetValue<string>();
        if (andThen.Length > 0)
            await service.AppendAsync(id, andThen);
        return id;
    }
}
