using System.Globalization;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Fulfillment.Tests;

public class ShipmentDeadlineTests
{
    private static readonly ShipmentOverdue Overdue = new(TimeSpan.FromDays(3));

    private static TimeSpan Deadline => new FulfillmentOptions().Deadline;

    [Fact]
    public void A_paid_order_gets_a_deadline()
    {
        ShipmentDeadline.WhenPaid(Given(Placed(), Taxed(), Captured()).Events, Deadline).ShouldBe([new Schedule("shipment-deadline", Deadline, Overdue)]);
        ShipmentDeadline.WhenPaid(Given(Placed(), Taxed(), Captured(), Shipped()).Events, Deadline).ShouldBeEmpty();
        ShipmentDeadline.WhenPaid(Given(Placed(), Taxed(), Cancelled(), Captured()).Events, Deadline).ShouldBeEmpty();
    }

    [Fact]
    public void When_it_is_due_the_order_is_overdue_where_it_waits_still()
    {
        ShipmentDeadline.WhenDue(Overdue, Given(Placed(), Taxed(), Captured()).Events).ShouldBe([Overdue]);
        foreach (var settled in new[] { Shipped(), Rejected(), (object)Cancelled() })
            ShipmentDeadline.WhenDue(Overdue, Given(Placed(), Taxed(), Captured(), settled).Events).ShouldBeEmpty();
    }

    [Fact]
    public void An_order_that_ends_needs_no_deadline_and_one_that_was_never_paid_had_none()
    {
        ShipmentDeadline.WhenSettled(Given(Placed(), Taxed(), Captured(), Shipped()).Events).ShouldBe([new CancelTimer("shipment-deadline", 2)]);
        ShipmentDeadline.WhenSettled(Given(Placed(), Cancelled()).Events).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("00:00:09")]
    [InlineData("90.00:00:01")]
    public void A_wrong_setting_is_named(string deadline) =>
        new FulfillmentOptionsValidation().Validate(null, new FulfillmentOptions { Deadline = TimeSpan.Parse(deadline, CultureInfo.InvariantCulture) })
            .FailureMessage.ShouldBe("Fulfillment:Deadline must be between 00:00:10 and 90.00:00:00.");
}

/// <summary>The deadline in the running service, whose endpoint of shipments is paused: nothing ships.</summary>
public class ShipmentDeadlineServiceTests : IClassFixture<ShipmentDeadlineServiceTests.Impatient>
{
    private readonly Impatient _service;

    public ShipmentDeadlineServiceTests(Impatient service) => _service = service;

    [Fact]
    public async Task A_paid_order_that_does_not_ship_is_overdue_once_and_ships_all_the_same()
    {
        var controls = new ChangeFeedControls(_service.Database.Controls, TimeProvider.System);
        await controls.PauseAsync("fulfillment", "test", "the carrier is on strike", TestContext.Current.CancellationToken);
        await Eventually.UntilAsync(async () => (await controls.HeartbeatsAsync(TestContext.Current.CancellationToken))
            .Any(instance => instance is { Endpoint: "fulfillment", Paused: true }));
        var id = await _service.AppendAsync(Placed(), Taxed(), Captured());

        var overdue = await _service.StreamEndingWithAsync<ShipmentOverdue>(id);
        await controls.ResumeAsync("fulfillment", "test", cancellationToken: TestContext.Current.CancellationToken);
        var shipped = await _service.StreamEndingWithAsync<OrderShipped>(id);

        (overdue[3].Data, overdue[3].Meta.By, overdue[3].Meta.CausationId)
            .ShouldBe((new ShipmentOverdue(TimeSpan.FromSeconds(10)), ShipmentDeadline.Name, overdue[2].Meta.EventId));
        shipped.Count.ShouldBe(5);
    }

    /// <summary>Alerts after ten seconds.</summary>
    public sealed class Impatient : ServiceOnStore<Program>
    {
        public Impatient()
        {
            Settings["Fulfillment:Deadline"] = "00:00:10";
            Settings["Timers:PollInterval"] = "00:00:01";
        }
    }
}
