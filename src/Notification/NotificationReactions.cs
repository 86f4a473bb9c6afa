using Microsoft.Extensions.Options;
using OrderPipeline.Contracts;

namespace OrderPipeline.Notification;

/// <summary>The decision together with the mail it asks for. May be called again with a longer stream, hence the fixed Message-ID.</summary>
public sealed class NotificationReactions(IMailer mailer, IOptions<MailOptions> options)
{
    public async ValueTask<IReadOnlyList<object>> WhenCustomerIsToBeToldAsync(
        RecordedEvent cause, IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken)
    {
        var order = OrderState.Fold(stream);
        if (NotificationDecisions.Notice(cause.Data, order) is not { } notice)
            return [];
        var mail = NoticeText.Compose(cause, notice, order, options.Value.Domain);
        await mailer.SendAsync(mail, cancellationToken);
        return [NotificationDecisions.AfterSending(notice, mail)];
    }
}
