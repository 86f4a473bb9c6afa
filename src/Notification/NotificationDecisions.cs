using OrderPipeline.Contracts;

namespace OrderPipeline.Notification;

/// <summary>
/// Which notice an event calls for. Each is sent once, and only while it is what became of the order; one that was sent is sent again
/// when an agent asks for it.
/// </summary>
public static class NotificationDecisions
{
    /// <summary>The notice; null when there is none to send.</summary>
    /// <remarks>The customer of a rejected order is told when the money is on its way back, not before; that of a cancelled order at once.</remarks>
    public static NoticeKind? Notice(object cause, OrderState order)
    {
        if (cause is NotificationRequested asked)
            return order.Notices.Contains(asked.Notice) ? asked.Notice : null;
        NoticeKind? notice = (cause, order.Status) switch
        {
            (OrderShipped, OrderStatus.Shipped) => NoticeKind.Shipped,
            (PaymentDeclined, OrderStatus.PaymentDeclined) => NoticeKind.PaymentDeclined,
            (PaymentRefunded, OrderStatus.Rejected) => NoticeKind.Rejected,
            (OrderCancelled, OrderStatus.Cancelled) => NoticeKind.Cancelled,
            _ => null,
        };
        return notice is { } kind && !order.Notices.Contains(kind) ? kind : null;
    }

    /// <summary>The event that follows from a mail that was sent.</summary>
    public static CustomerNotified AfterSending(NoticeKind notice, OutgoingMail mail) =>
        new(notice, "email", mail.To, mail.Subject, mail.MessageId);
}
