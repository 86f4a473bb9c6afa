using ChangeFeed.EventStore;
using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Fulfillment;

/// <summary>Section <c>Fulfillment</c>.</summary>
public sealed class FulfillmentOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Fulfillment";

    /// <summary>How long a paid order may wait to be shipped before customer care is alerted; 10 seconds to 90 days.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromDays(3);
}

public sealed class FulfillmentOptionsValidation : IValidateOptions<FulfillmentOptions>
{
    public ValidateOptionsResult Validate(string? name, FulfillmentOptions options) =>
        options.Deadline >= TimeSpan.FromSeconds(10) && options.Deadline <= TimeSpan.FromDays(90)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Fulfillment:Deadline must be between 00:00:10 and 90.00:00:00.");
}

/// <summary>Says of a paid order that it was not shipped in time, so that customer care looks at it.</summary>
public static class ShipmentDeadline
{
    /// <summary>The timer, the endpoint that makes it, and <c>by</c> in the event.</summary>
    public const string Name = "shipment-deadline";

    /// <summary>The deadline of an order that is to be shipped, as far as is known; none for one that is not any more.</summary>
    public static IReadOnlyList<object> WhenPaid(IReadOnlyList<RecordedEvent> stream, TimeSpan deadline) =>
        IsToBeShipped(stream) ? [new Schedule(Name, deadline, new ShipmentOverdue(deadline))] : [];

    /// <summary>The deadline of an order that needs none any more.</summary>
    public static IReadOnlyList<object> WhenSettled(IReadOnlyList<RecordedEvent> stream) =>
        [.. stream.Where(e => e.Data is PaymentCaptured).Select(paid => new CancelTimer(Name, paid.Version))];

    /// <summary>What is overdue, where it was not shipped still.</summary>
    public static IReadOnlyList<object> WhenDue(object due, IReadOnlyList<RecordedEvent> stream) => IsToBeShipped(stream) ? [due] : [];

    private static bool IsToBeShipped(IEnumerable<RecordedEvent> stream) => OrderState.Fold(stream).Status == OrderStatus.Paid;
}
