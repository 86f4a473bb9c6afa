using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using static Orders.CustomerCare.Tests.Given;

namespace Orders.CustomerCare.Tests.OrderDetails;

public sealed class OrderProblemTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_completed_order_has_no_problem() => Describe(TimeSpan.FromDays(9), Placed, Taxed, Paid, Shipped, Told).ShouldBeNull();

    [Fact]
    public void An_order_on_its_way_through_the_services_has_no_problem() => Describe(TimeSpan.FromSeconds(59), Placed, Taxed).ShouldBeNull();

    [Fact]
    public void An_order_that_stands_still_waits_for_a_service()
    {
        Describe(TimeSpan.FromMinutes(3), Placed).ShouldBe("Waiting for tax; the last step was 3 min ago.");
        Describe(TimeSpan.FromMinutes(3), Placed, Taxed).ShouldBe("Waiting for payment; the last step was 3 min ago.");
        Describe(TimeSpan.FromHours(3), Placed, Taxed, Paid).ShouldBe("Waiting for fulfillment; the last step was 3 h ago.");
        Describe(TimeSpan.FromDays(3), Placed, Taxed, Paid, Shipped).ShouldBe("Waiting for notification; the last step was 3 days ago.");
    }

    [Fact]
    public void A_declined_payment_says_why() =>
        Describe(TimeSpan.FromMinutes(3), Placed, Taxed, new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 110.03m))
            .ShouldBe("Payment declined: insufficient funds, 3 min ago.");

    [Fact]
    public void An_order_that_ended_after_it_was_paid_says_where_the_money_is()
    {
        var rejected = new FulfillmentRejected("out of stock", "OUT-OF-STOCK");
        Describe(TimeSpan.FromSeconds(5), Placed, Taxed, Paid, rejected)
            .ShouldBe("Rejected by fulfillment: out of stock, 5 s ago; 110.03 USD not refunded yet.");
        Describe(TimeSpan.FromSeconds(5), Placed, Taxed, Paid, rejected, Refunded)
            .ShouldBe("Rejected by fulfillment: out of stock, 5 s ago; 110.03 USD refunded.");
        Describe(TimeSpan.Zero, Placed, Taxed, new OrderCancelled("changed my mind")).ShouldBe("Cancelled: changed my mind, just now.");
    }

    [Fact]
    public void A_refund_that_was_asked_for_and_does_not_come_is_a_problem()
    {
        Describe(TimeSpan.FromSeconds(5), Placed, Taxed, Paid, Shipped, Told, RefundAsked).ShouldBeNull();
        Describe(TimeSpan.FromMinutes(3), Placed, Taxed, Paid, Shipped, Told, RefundAsked)
            .ShouldBe("A refund of 110.03 USD was asked for and is not made yet. Waiting for payment; the last step was 3 min ago.");
        Describe(TimeSpan.FromMinutes(3), Placed, Taxed, Paid, Shipped, Told, RefundAsked, Refunded).ShouldBeNull();
    }

    [Fact]
    public void An_order_that_is_parked_says_where_since_when_and_why()
    {
        ParkedStream[] atNotification = [Parked("notification", "The mail server does not answer.\r\nAnd more.")];
        const string Where = "Parked at notification since 2026-03-14 15:00 UTC (3 min ago): The mail server does not answer.";

        Describe(TimeSpan.FromMinutes(3), atNotification, Placed, Taxed, Paid, Shipped).ShouldBe(Where);
        Describe(TimeSpan.FromMinutes(3), atNotification, Placed, Taxed, Paid, Shipped, Told).ShouldBe(Where);
        Describe(TimeSpan.FromMinutes(3), atNotification, Placed, Taxed, Cancelled).ShouldBe($"{Where} Cancelled: changed my mind, 3 min ago.");
        Describe(TimeSpan.FromMinutes(3), [.. atNotification, Parked("payment", null)], Placed, Taxed, Paid, Shipped)
            .ShouldBe($"{Where} Parked at payment since 2026-03-14 15:00 UTC (3 min ago).");

        static ParkedStream Parked(string service, string? error) => new()
        {
            Id = "s",
            Endpoint = service,
            StreamId = "order",
            Status = ParkedStreamStatus.Parked,
            Version = 3,
            Waiting = 1,
            Error = error,
            ParkedAt = Start,
        };
    }

    [Fact]
    public void A_paid_order_that_is_overdue_says_so_until_it_ships()
    {
        Describe(TimeSpan.FromMinutes(3), Placed, Taxed, Paid, new ShipmentOverdue(TimeSpan.FromDays(3)))
            .ShouldBe("Not shipped in time: paid 3 min ago, and overdue since 3 min ago.");
        Describe(TimeSpan.Zero, Placed, Taxed, Paid, new ShipmentOverdue(TimeSpan.FromDays(3)), Shipped).ShouldBeNull();
    }

    private static string? Describe(TimeSpan later, params object[] events) => Describe(later, [], events);

    private static string? Describe(TimeSpan later, IReadOnlyList<ParkedStream> parked, params object[] events)
    {
        var stream = events.Select((data, i) =>
        {
            var e = new RecordedEvent("order", i, data.GetType().Name, 1, data, new EventMeta(Guid.NewGuid(), Start, "test", "order"));
            using var json = JsonDocument.Parse(EventDocument.Write(e, OrderEvents.Map));
            return StoredEvent.From(json.RootElement);
        }).ToList();
        return OrderView.Fold(stream, Start + later, parked)!.Problem;
    }
}
