using ChangeFeed.EventStore;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;
using Orders.PersonalData;

namespace Orders.Notification;

/// <summary>The decision together with the mail it asks for. May be called again with a newer state, hence the fixed Message-ID.</summary>
public sealed class NotificationReactions(IMailer mailer, PersonalDataProtector personal, IOptions<MailOptions> options)
{
    /// <summary>Tells the customer.</summary>
    /// <param name="cause">The event being handled.</param>
    /// <param name="about">What the mail is about: the cause, and for a later try the event of the first one, whose mail is sent.</param>
    /// <param name="order">The order as it stands.</param>
    /// <param name="cancellationToken">Ends the call of the mail server.</param>
    public async ValueTask<IReadOnlyList<object>> WhenCustomerIsToBeToldAsync(
        RecordedEvent cause, RecordedEvent about, OrderState order, CancellationToken cancellationToken)
    {
        if (NotificationDecisions.Notice(cause.Data, order) is not { } notice || order.Placed is not { } placed)
            return [];
        // The key may be remembered for a while; the mark is not to be overlooked. A try before the mark may have written the mail already.
        if (order.IsErased)
        {
            mailer.Forget(NoticeText.MessageIds([about.Meta.EventId], options.Value.Domain));
            return [NotificationDecisions.NobodyToTell(notice)];
        }

        var readable = await personal.RevealAsync(placed, cancellationToken);
        if (readable.IsErased())
            return [NotificationDecisions.NobodyToTell(notice)];
        var mail = await Concealed.FromAsync(readable, () => TellAsync(about, notice, order with { Placed = readable }, cancellationToken), IsDiscreet);
        return [NotificationDecisions.AfterSending(notice, mail, placed)];
    }

    private async Task<OutgoingMail> TellAsync(RecordedEvent cause, NoticeKind notice, OrderState readable, CancellationToken cancellationToken)
    {
        var mail = NoticeText.Compose(cause, notice, readable, options.Value.Domain);
        await mailer.SendAsync(mail, cancellationToken);
        return mail;
    }

    private static bool IsDiscreet(Exception e) => e is MailRefusedException or MailServerException;
}
