using System.Text;
using MimeKit;
using Orders.Contracts;

namespace Orders.Notification.Mail;

/// <summary>A mail as it goes over the wire and into files.</summary>
public static class MimeFormat
{
    /// <summary>Composes the mail: the same mail gives the same bytes.</summary>
    /// <exception cref="MailRefusedException">The recipient is not an address.</exception>
    public static MimeMessage Compose(OutgoingMail mail, string from)
    {
        if (!EmailAddress.TryParse(mail.To, out var to))
            throw new MailRefusedException($"The recipient of mail {mail.MessageId} is not an address of the form name@domain.");
        var message = new MimeMessage
        {
            Subject = OneLine(mail.Subject),
            Date = mail.Date.ToUniversalTime(),
            MessageId = mail.MessageId,
            Body = new TextPart("plain") { Text = mail.Body, ContentTransferEncoding = ContentEncoding.QuotedPrintable },
        };
        message.From.Add(MailboxAddress.Parse(from));
        message.To.Add(new MailboxAddress(OneLine(mail.ToName), to.ToString()));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    /// <summary>How it is written: in ASCII, unless the recipient cannot be said in it (RFC 6532).</summary>
    public static FormatOptions For(MimeMessage message)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = NeedsSmtpUtf8(message);
        return format;
    }

    /// <summary>True when the name before the at sign of a recipient is not ASCII; a domain can always be said in it.</summary>
    public static bool NeedsSmtpUtf8(MimeMessage message) => !message.To.Mailboxes.All(mailbox => Ascii.IsValid(mailbox.LocalPart));

    // A name must not add headers of its own.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
