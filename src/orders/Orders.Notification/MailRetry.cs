using System.Net.Sockets;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;

namespace Orders.Notification;

/// <summary>
/// Tries a mail again tomorrow that could not be sent today, instead of having its order parked, and a few times at most. The first tries, and
/// the wait while no mail goes out at all, are the endpoint's.
/// </summary>
public sealed class MailRetry(CosmosEventStore store, TimerStore timers, IOptions<MailOptions> options)
{
    /// <summary>The timer, and <c>by</c> in the event.</summary>
    public const string Name = "mail-retry";

    /// <summary>Makes the timer, where the failure is the mail server's and there is a try left.</summary>
    /// <returns>False where the order is to be parked.</returns>
    public async Task<bool> PostponeAsync(RecordedEvent e, FeedDelivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not (MailServerException or TimeoutException or SocketException or IOException))
            return false;
        var order = OrderState.Fold(await store.ReadStreamAsync(e.StreamId, cancellationToken));
        if (AfterFailure(e, order, options.Value) is not { } schedule)
            return false;
        await timers.ScheduleAsync(e, delivery.StoredAt, schedule, cancellationToken);
        return true;
    }

    /// <summary>The next try; null where there is none left, or nothing to send.</summary>
    public static Schedule? AfterFailure(RecordedEvent cause, OrderState order, MailOptions options)
    {
        var (attempt, about) = cause.Data is NoticeDue before ? (before.Attempt + 1, before.About) : (1, cause.Meta.EventId);
        return attempt <= options.LaterTries && NotificationDecisions.Notice(cause.Data, order) is { } notice
            ? new Schedule(Name, options.TryAgainAfter, new NoticeDue(notice, attempt, about)) { FromNow = true }
            : null;
    }

    /// <summary>The notice, where it was not sent meanwhile.</summary>
    public static IReadOnlyList<object> WhenDue(object due, IReadOnlyList<RecordedEvent> stream) =>
        OrderRules.IsToBeTold(((NoticeDue)due).Notice, OrderState.Fold(stream)) ? [due] : [];
}
