using System.Globalization;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.Domain;

namespace Orders.CustomerCare.OrderDetails;

/// <summary>What is wrong with an order, in the words an agent would use.</summary>
internal static class OrderProblem
{
    /// <summary>How long a step may take before somebody should look; the services need milliseconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>One sentence; null when all is well.</summary>
    /// <param name="stream">The order's events.</param>
    /// <param name="state">What they make of it.</param>
    /// <param name="parked">Where it is parked.</param>
    /// <param name="timers">What waits for its time.</param>
    /// <param name="now">This moment.</param>
    public static string? Describe(
        IReadOnlyList<StoredEvent> stream, OrderState state, IReadOnlyList<ParkedStream> parked, IReadOnlyList<WaitingTimer> timers, DateTimeOffset now)
    {
        var problem = Describe(stream, state, now);
        if (problem?.StartsWith("Waiting for notification", StringComparison.Ordinal) == true && timers.FirstOrDefault(IsMail) is { } mail)
            problem = string.Create(
                CultureInfo.InvariantCulture, $"The mail could not be sent; it is tried again at {mail.Due.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        // A service that has put it aside is why it stands still; what else is wrong with it stays worth knowing.
        var where = string.Join(" ", parked.OrderBy(p => p.ParkedAt).Select(p => Parked(p, now)));
        return where.Length == 0 ? problem
            : problem is null || problem.StartsWith("Waiting for ", StringComparison.Ordinal) ? where
            : $"{where} {problem}";
    }

    /// <summary>Where a stream is parked, since when and why, in a sentence.</summary>
    public static string Parked(ParkedStream parked, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"Parked at {parked.Endpoint} since {parked.ParkedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC ")
        + $"({Ago(parked.ParkedAt, now)})"
        + (parked.Error is null ? "." : $": {FirstSentence(parked.Error)}");

    /// <summary>The first line of a message, as a sentence.</summary>
    public static string FirstSentence(string message)
    {
        var line = message.ReplaceLineEndings("\n").Split('\n')[0].Trim();
        return line.EndsWith('.') ? line : line + ".";
    }

    private static bool IsMail(WaitingTimer timer) => timer.Event == nameof(NoticeDue);

    private static string? Describe(IReadOnlyList<StoredEvent> stream, OrderState state, DateTimeOffset now)
    {
        if (stream.FirstOrDefault(e => e.Problem is not null) is { } unreadable)
            return $"Event {unreadable.Version} cannot be read: {unreadable.Problem}";

        var last = stream[^1].Understood!.Meta.At;
        return state.Status switch
        {
            OrderStatus.PaymentDeclined => $"Payment declined: {state.EndReason}, {Ago(When<PaymentDeclined>(stream), now)}.",
            OrderStatus.Rejected => $"Rejected by fulfillment: {state.EndReason}, {Ago(When<FulfillmentRejected>(stream), now)}{Money(state)}.",
            OrderStatus.Cancelled => $"Cancelled: {state.EndReason}, {Ago(When<OrderCancelled>(stream), now)}{Money(state)}.",
            OrderStatus.Paid when state.Overdue is not null =>
                $"Not shipped in time: paid {Ago(When<PaymentCaptured>(stream), now)}, and overdue since {Ago(When<ShipmentOverdue>(stream), now)}.",
            OrderStatus.Placed => Waiting("tax", last, now),
            OrderStatus.Taxed => Waiting("payment", last, now),
            OrderStatus.Paid => Waiting("fulfillment", last, now),
            _ when state is { RefundRequest: not null, Refund: null, Payment: { } paid } && Waiting("payment", last, now) is { } waiting =>
                $"A refund of {paid.Amount} {paid.Currency} was asked for and is not made yet. {waiting}",
            _ when state.NoticeRequest is { } notice && Waiting("notification", last, now) is { } waiting =>
                $"The {notice.Notice} notice was asked for again and is not sent yet. {waiting}",
            OrderStatus.Shipped => Waiting("notification", last, now),
            _ => null,
        };
    }

    /// <summary>A time in the past as one says it.</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalSeconds: < 1 } => "just now",
        { TotalMinutes: < 1 } s => $"{(int)s.TotalSeconds} s ago",
        { TotalHours: < 1 } m => $"{(int)m.TotalMinutes} min ago",
        { TotalDays: < 2 } h => $"{(int)h.TotalHours} h ago",
        var d => $"{(int)d.TotalDays} days ago",
    };

    private static string? Waiting(string service, DateTimeOffset since, DateTimeOffset now) =>
        now - since < Patience ? null : $"Waiting for {service}; the last step was {Ago(since, now)}.";

    private static string Money(OrderState state) => state switch
    {
        { Refund: { } refund } => $"; {refund.Amount} {refund.Currency} refunded",
        { Payment: { } payment } => $"; {payment.Amount} {payment.Currency} not refunded yet",
        _ => "",
    };

    private static DateTimeOffset When<T>(IEnumerable<StoredEvent> stream) => stream.First(e => e.Understood?.Data is T).Understood!.Meta.At;
}
