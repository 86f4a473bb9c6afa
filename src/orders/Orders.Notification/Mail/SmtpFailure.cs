using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Orders.Notification.Mail;

/// <summary>What a failure of the mail library means, in words of our own: its messages repeat what the server said.</summary>
internal static class SmtpFailure
{
    /// <summary>The exception to throw instead; null for one that holds nothing of the server's.</summary>
    public static Exception? Explain(Exception failure, string messageId) => failure switch
    {
        SmtpCommandException command when IsAboutThisMail(command) =>
            new MailRefusedException($"The mail server refused mail {messageId} for good: {(int)command.StatusCode} ({command.ErrorCode})."),
        SmtpCommandException command =>
            new MailServerException($"The mail server could not take the mail: {(int)command.StatusCode} ({command.ErrorCode})."),
        ServiceNotAuthenticatedException => new MailServerException("The mail server wants a login: set Mail:Smtp:Username and Mail:Smtp:Password."),
        AuthenticationException => new MailServerException("The mail server does not accept Mail:Smtp:Username and Mail:Smtp:Password."),
        CommandException or ProtocolException => new MailServerException($"The conversation with the mail server broke off ({failure.GetType().Name})."),
        _ => null,
    };

    /// <summary>5xx for the recipient or the content; not for the sender, the login or the connection, which concern all mails alike.</summary>
    private static bool IsAboutThisMail(SmtpCommandException failure) =>
        failure.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted
        && (int)failure.StatusCode is >= 500 and < 600 and not (530 or 534 or 535 or 538);
}
