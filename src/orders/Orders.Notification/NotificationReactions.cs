using ChangeFeed.EventStore;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;
using Orders.PersonalData;

namespace Orders.Notification;

/// <summary>The decision together with the mail it asks for. May be called again with a longer stream, hence the fixed Message-ID.</summary>
public sealed class NotificationReactions(IMailer mailer, PersonalDataProtector personal, IOptions<MailOptions> options)
{
    public async ValueTask<IReadOnlyList<object>> WhenCustomerIsToBeToldAsync(
        RecordedEvent cause, IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken)
    {
        var order = OrderState.Fold(stream);
        if (NotificationDecisions.Notice(cause.Data, order) is not { } notice || order.Placed is not { } placed)
            return [];
        var readable = await personal.RevealAsync(placed, cancellationToken);
        if (readable.IsErased())
            return [NotificationDecisions.NobodyToTell(notice)];
        var mail = NoticeText.Compose(cause, notice, order with { Placed = readable }, options.Value.Domain);
        await mailer.SendAsync(mail, cancellationToken);
        return [NotificationDecisions.AfterSending(notice, mail, placed)];
    }
}
