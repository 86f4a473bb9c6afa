namespace Orders.Notification.Mail;

/// <summary>Sends mail. The same mail again must not reach the customer as a second one: its Message-ID is the same.</summary>
public interface IMailer
{
    /// <exception cref="MailRefusedException">This mail cannot be sent, now or later.</exception>
    /// <exception cref="MailServerException">The mail server could not take it now.</exception>
    /// <exception cref="TimeoutException">The mail server did not answer in time.</exception>
    Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken);

    /// <summary>Deletes what is still here of these mails; what has left is out of reach. Those there are not count as deleted.</summary>
    void Forget(IEnumerable<string> messageIds);
}

/// <param name="MessageId">Without the angle brackets.</param>
/// <param name="To">The address alone.</param>
/// <param name="ToName">The name shown beside it.</param>
/// <param name="Body">Plain text.</param>
public sealed record OutgoingMail(string MessageId, DateTimeOffset Date, string To, string ToName, string Subject, string Body);
