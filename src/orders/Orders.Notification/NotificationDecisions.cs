using Orders.Contracts;
using Orders.Domain;
using Orders.Notification.Mail;

namespace Orders.Notification;

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
        if (cause is NoticeDue due)
            return OrderRules.IsToBeTold(due.Notice, order) ? due.Notice : null;
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
    /// <param name="notice">What it was about.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="placed">The order as it is stored: its recipient is sealed.</param>
    public static CustomerNotified AfterSending(NoticeKind notice, OutgoingMail mail, OrderPlaced placed) =>
        new(notice, "email", placed.Email, mail.Subject, mail.MessageId);

    /// <summary>The event that follows when the customer was erased.</summary>
    public static NoticeDropped NobodyToTell(NoticeKind notice) => new(notice, "the customer was erased");
}
