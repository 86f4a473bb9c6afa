using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.Mcp;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Services;
using Orders.Domain;

namespace Orders.CustomerCare.Tests.Mcp;

public sealed class StuckOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 16, 0, 0, TimeSpan.Zero);
    private static readonly ServiceStanding Running = new("tax", [new("0", "host-1", "\"17\"", 0, Now)], 0, null, null, 0);

    [Fact]
    public void It_is_the_turn_of_the_service_whose_event_is_missing()
    {
        var turns = new (object[] Events, string? Service)[]
        {
            ([Given.Placed], "tax"),
            ([Given.Placed, Given.Taxed], "payment"),
            ([Given.Placed, Given.Taxed, Given.Paid], "fulfillment"),
            ([Given.Placed, Given.Taxed, Given.Paid, Given.Shipped], "notification"),
            ([Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told], null),
            ([Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told, Given.RefundAsked], "payment"),
            ([Given.Placed, Given.Taxed, Given.Paid, Given.Shipped, Given.Told, Given.NoticeAsked], "notification"),
            ([Given.Placed, Given.Taxed, Given.Paid, Given.Cancelled], "payment"),
            ([Given.Placed, Given.Taxed, Given.Declined], null),
        };

        foreach (var (events, service) in turns)
            StuckOrder.WaitsFor(Fold(events).State).ShouldBe(service, string.Join(", ", events.Select(e => e.GetType().Name)));
    }

    [Fact]
    public void A_service_that_is_paused_away_late_or_blocked_is_named_with_its_reason()
    {
        var pause = new EndpointControl { Id = "tax", Endpoint = "tax", Paused = true, By = "ada", Reason = "new rates come in", At = Now };

        Why(Running, pause).ShouldBe(["tax is paused by ada since 2026-03-14 16:00 UTC: new rates come in"]);
        Why(null).ShouldBe(["tax is not running: nobody owns its partitions."]);
        Why(Running with { Behind = 40, LagSeconds = 75 }).ShouldBe(["tax is 75 s and 40 events behind."]);
        Why(Running with { KillSwitch = "20 of 20 events failed" }).ShouldBe(
            ["tax has stopped by itself for a while, because too many events failed: 20 of 20 events failed"]);
        Why(Running with { Blocked = [new BlockedEvent(Examples.OrderId, 0, "no rate", 7, Now)] }).ShouldBe(
            ["tax cannot get past event 0 of this order, tried 7 times: no rate"]);
        Why(Running).ShouldHaveSingleItem().ShouldStartWith("tax runs and is not behind");
    }

    [Fact]
    public void What_has_ended_or_goes_on_is_not_stuck()
    {
        var declined = Fold(Given.Placed, Given.Taxed, Given.Declined);
        var ended = StuckOrder.Describe(Stream(Given.Placed, Given.Taxed, Given.Declined), declined, new ServicesSnapshot(Now, []), None, Now);
        (ended.Stuck, ended.Why.Single()).ShouldBe((false, "It waits for nothing: it is PaymentDeclined (insufficient funds)."));

        var young = StuckOrder.Describe(
            Stream(Given.Placed), Fold(Given.Placed), new ServicesSnapshot(Now, [Running]), None, Fold(Given.Placed).UpdatedAt.AddSeconds(2));
        (young.Stuck, young.Why.Single()).ShouldBe((false, "Nothing holds it up: it is tax's turn, and its last step was 2 s ago."));
    }

    private static Dictionary<string, EndpointControl> None => [];

    private static IReadOnlyList<string> Why(ServiceStanding? tax, EndpointControl? pause = null)
    {
        var answer = StuckOrder.Describe(
            Stream(Given.Placed), Fold(Given.Placed), new ServicesSnapshot(Now, tax is null ? [] : [tax]),
            pause is null ? None : new Dictionary<string, EndpointControl> { ["tax"] = pause }, Now);
        (answer.Stuck, answer.WaitsFor).ShouldBe((true, "tax"));
        return answer.Why;
    }

    private static OrderView Fold(params object[] events) => OrderView.Fold(Stream(events), Now)!;

    private static IReadOnlyList<StoredEvent> Stream(params object[] events) => [.. events.Select((data, version) =>
    {
        var e = Examples.Stream[0] with { Version = version, Type = data.GetType().Name, Schema = data is PaymentDeclined ? 2 : 1, Data = data };
        using var json = System.Text.Json.JsonDocument.Parse(EventDocument.Write(e, OrderEvents.Map));
        return StoredEvent.From(json.RootElement);
    })];
}
