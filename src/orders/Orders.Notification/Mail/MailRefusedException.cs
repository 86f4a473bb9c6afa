namespace Orders.Notification.Mail;

/// <summary>
/// One mail cannot be sent, and trying again does not help: its recipient is no address, or the mail server refuses it for good. Says
/// nothing about other mails. Tells neither the recipient nor the words of the server, which may repeat it.
/// </summary>
public sealed class MailRefusedException(string message) : Exception(message);
