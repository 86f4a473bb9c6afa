namespace Orders.Notification.Mail;

/// <summary>
/// The mail server could not take a mail now: it is busy, broken, or set up differently. Tells the kind of failure and the status code,
/// never the words of the server: they may hold addresses. For the same reason it has no inner exception.
/// </summary>
public sealed class MailServerException(string message) : Exception(message);
