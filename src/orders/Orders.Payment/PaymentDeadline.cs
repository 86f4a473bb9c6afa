using System.Globalization;
using ChangeFeed.EventStore;
using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;

namespace Orders.Payment;

/// <summary>Section <c>Payment</c>.</summary>
public sealed class PaymentOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Payment";

    /// <summary>How long an order may wait for its money before it is cancelled; 10 seconds to 30 days.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(30);
}

public sealed class PaymentOptionsValidation : IValidateOptions<PaymentOptions>
{
    public ValidateOptionsResult Validate(string? name, PaymentOptions options) =>
        options.Deadline >= TimeSpan.FromSeconds(10) && options.Deadline <= TimeSpan.FromDays(30)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Payment:Deadline must be between 00:00:10 and 30.00:00:00.");
}

/// <summary>
/// Cancels an order that is not paid in time. A payment that is on its way races with the cancellation as with a customer's: one of them is in
/// the stream first, and money captured for a cancelled order goes back.
/// </summary>
public static class PaymentDeadline
{
    /// <summary>The timer, the endpoint that makes it, and <c>by</c> in the cancellation.</summary>
    public const string Name = "payment-deadline";

    /// <summary>The deadline of an order that waits for its money, as far as is known; none for one that does not any more.</summary>
    public static IReadOnlyList<object> WhenPlaced(IReadOnlyList<RecordedEvent> stream, TimeSpan deadline) =>
        OrderRules.IsUnpaid(OrderState.Fold(stream)) ? [new Schedule(Name, deadline, new OrderCancelled(Reason(deadline)))] : [];

    /// <summary>The deadline of an order that needs none any more.</summary>
    public static IReadOnlyList<object> WhenSettled() => [new CancelTimer(Name, 0)];

    /// <summary>The cancellation, where the order waits for its money still.</summary>
    public static IReadOnlyList<object> WhenDue(object due, IReadOnlyList<RecordedEvent> stream) =>
        OrderRules.IsUnpaid(OrderState.Fold(stream)) ? [due] : [];

    private static string Reason(TimeSpan deadline) => string.Create(
        CultureInfo.InvariantCulture,
        $"not paid within {(deadline < TimeSpan.FromMinutes(2) ? $"{deadline.TotalSeconds:0} seconds" : $"{deadline.TotalMinutes:0.#} minutes")}");
}
