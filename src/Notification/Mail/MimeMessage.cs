using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace OrderPipeline.Notification;

/// <summary>A mail as RFC 5322 wants it: ASCII on the wire, whatever characters the names and the text have.</summary>
public static class MimeMessage
{
    // RFC 2047 allows an encoded word 75 characters; 45 bytes in base64 are 60, and the frame around them 12.
    private const int EncodedWordBytes = 45;

    /// <exception cref="FormatException">The recipient is not an address.</exception>
    public static byte[] Write(OutgoingMail mail, string from)
    {
        var sender = new MailAddress(from);
        if (!MailAddress.TryCreate(mail.To, out var to) || to.Address != mail.To || !Ascii.IsValid(mail.To) || mail.To.Any(char.IsControl))
            throw new FormatException($"The recipient of mail {mail.MessageId} is not an address of the form name@domain.");
        var text = new StringBuilder();
        Header(text, "From", Mailbox(sender.DisplayName, sender.Address));
        Header(text, "To", Mailbox(mail.ToName, to.Address));
        Header(text, "Subject", Words(mail.Subject));
        Header(text, "Date", mail.Date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(text, "Message-ID", $"<{mail.MessageId}>");
        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", "text/plain; charset=utf-8");
        Header(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append("\r\n").Append(QuotedPrintable.Encode(mail.Body));
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static string Mailbox(string name, string address) => name.Length == 0 ? address : $"{Words(name, quoted: true)}\r\n <{address}>";

    /// <summary>
    /// Text in a header. Line breaks and other control characters become spaces, so that a name cannot add headers of its own.
    /// </summary>
    private static string Words(string text, bool quoted = false)
    {
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (text.Length > 65 || !Ascii.IsValid(text) || text.Contains("=?", StringComparison.Ordinal))
            return EncodedWords(text);
        return quoted
            ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : text;
    }

    private static string EncodedWords(string text)
    {
        var words = new List<string>();
        var word = new List<byte>(EncodedWordBytes);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes()) // a character must not be torn apart by two words
        {
            var length = rune.EncodeToUtf8(bytes);
            if (word.Count + length > EncodedWordBytes)
                Flush();
            word.AddRange(bytes[..length]);
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
