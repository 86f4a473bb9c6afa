using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.Tests.OrderDetails;

public sealed class OrderTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task An_order_is_shown_with_what_is_wrong_with_it()
    {
        var order = await GetAsync(await service.StoreAsync());

        order["status"]!.GetValue<string>().ShouldBe("PaymentDeclined");
        order["problem"]!.GetValue<string>().ShouldStartWith("Payment declined: insufficient funds, ");
        order["placed"]!["email"]!.GetValue<string>().ShouldBe("ada@example.org");
    }

    [Fact]
    public async Task An_order_is_shown_as_it_was_at_a_version()
    {
        var order = await GetAsync(await service.StoreAsync(), "/at?version=1");

        order["status"]!.GetValue<string>().ShouldBe("Taxed");
        order["version"]!.GetValue<long>().ShouldBe(1);
        order.AsObject().ShouldNotContainKey("problem");
    }

    [Theory]
    [InlineData("2026-03-14T15:09:26.000Z", "Placed")]
    [InlineData("2026-03-14T15:09:26.017Z", "Placed")]
    [InlineData("2026-03-14T15:09:26.018Z", "Taxed")]
    [InlineData("2026-03-14T16:09:26.018%2B01:00", "Taxed")]
    [InlineData("2027-01-01T00:00:00Z", "PaymentDeclined")]
    public async Task An_order_is_shown_as_it_was_at_a_time(string time, string status) =>
        (await GetAsync(await service.StoreAsync(), $"/at?time={time}"))["status"]!.GetValue<string>().ShouldBe(status);

    [Fact]
    public async Task There_is_nothing_to_see_before_and_after()
    {
        var id = await service.StoreAsync();

        (await (await _client.GetAsync($"/care/orders/{id}/at?time=2026-03-14T15:09:25Z", key: null)).ProblemAsync(404))["detail"]!
            .GetValue<string>().ShouldStartWith("The order was placed at 2026-03-14T15:09:26");
        (await (await _client.GetAsync($"/care/orders/{id}/at?version=3", key: null)).ProblemAsync(404))["detail"]!
            .GetValue<string>().ShouldBe("The order has no version 3; its last is 2.");
    }

    [Fact]
    public async Task A_parked_order_says_where()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed, Given.Paid, Given.Shipped);
        await service.StoreDeadLetterAsync(new ParkedStream
        {
            Id = $"stream.{id}",
            Endpoint = "notification",
            StreamId = id,
            Status = ParkedStreamStatus.Parked,
            Version = 3,
            Waiting = 1,
            Error = "The mail server does not answer.",
            ParkedAt = DateTimeOffset.UtcNow,
        });

        var order = await GetAsync(id);

        order["problem"]!.GetValue<string>().ShouldStartWith("Parked at notification since ");
        var parked = order["parked"]!.AsArray().ShouldHaveSingleItem()!;
        (parked["service"]!.GetValue<string>(), parked["version"]!.GetValue<long>(), parked["waiting"]!.GetValue<int>()).ShouldBe(("notification", 3, 1));
    }

    [Fact]
    public async Task What_caused_what_is_a_tree()
    {
        var placed = (await GetAsync(await service.StoreAsync(), "/causation")).AsArray().ShouldHaveSingleItem()!;

        placed["by"]!.GetValue<string>().ShouldBe("orders-api");
        placed["instance"]!.GetValue<string>().ShouldBe("host-4711");
        var taxed = placed["led"]!.AsArray().ShouldHaveSingleItem()!;
        taxed["afterCauseMs"]!.GetValue<double>().ShouldBe(18);
        var declined = taxed["led"]!.AsArray().ShouldHaveSingleItem()!;
        declined["type"]!.GetValue<string>().ShouldBe("PaymentDeclined");
        declined["afterCauseMs"]!.GetValue<double>().ShouldBe(31);
        declined["afterStartMs"]!.GetValue<double>().ShouldBe(49);
    }

    private async Task<System.Text.Json.Nodes.JsonNode> GetAsync(string id, string what = "") =>
        await (await _client.GetAsync($"/care/orders/{id}{what}", key: null)).JsonAsync();
}
