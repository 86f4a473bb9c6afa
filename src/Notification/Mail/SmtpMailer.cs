using System.Net;
using System.Net.Mail;
using System.Text;
using Microsoft.Extensions.Options;

namespace OrderPipeline.Notification;

/// <summary>
/// Hands every mail to a mail server. A server cannot be asked whether it has a mail already, so after a crash it may get one twice;
/// the Message-ID is the same then, by which mailboxes recognise the duplicate.
/// </summary>
public sealed class SmtpMailer(IOptions<MailOptions> options) : IMailer
{
    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var smtp = options.Value.Smtp;
        using var message = new MailMessage(new MailAddress(options.Value.From), new MailAddress(mail.To, OneLine(mail.ToName), Encoding.UTF8))
        {
            Subject = OneLine(mail.Subject),
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Body.ReplaceLineEndings("\r\n"),
            BodyEncoding = Encoding.UTF8,
        };
        message.Headers.Add("Message-ID", $"<{mail.MessageId}>");
        message.Headers.Add("Auto-Submitted", "auto-generated");
        using var client = new SmtpClient(smtp.Host, smtp.Port) { EnableSsl = smtp.Tls };
        if (smtp.Username.Length > 0)
            client.Credentials = new NetworkCredential(smtp.Username, smtp.Password);
        await client.SendMailAsync(message, cancellationToken);
    }

    // MailMessage refuses line breaks in headers with an exception; a customer's odd name is no reason not to write to him.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
