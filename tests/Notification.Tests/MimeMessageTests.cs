using System.Text;

namespace OrderPipeline.Notification.Tests;

public class MimeMessageTests
{
    private static readonly OutgoingMail Mail = new(
        "shipped-1@shop.example", new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.FromHours(1)), "ada@example.org", "Ada Lovelace",
        "Your order is on its way", "Hello Ada,\n\nit costs 10 = ten.\n");

    private static string Write(OutgoingMail mail) => Encoding.ASCII.GetString(MimeMessage.Write(mail, "Order desk <orders@shop.example>"));

    private static string[] HeaderNames(string message) => message[..message.IndexOf("\r\n\r\n", StringComparison.Ordinal)]
        .Split("\r\n").Where(line => line[0] != ' ').Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToArray();

    private static readonly string[] ExpectedHeaders =
    [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ];

    [Fact]
    public void A_plain_mail_reads_as_one_would_write_it() => Write(Mail).ShouldBe(
        """
        From: "Order desk"
         <orders@shop.example>
        To: "Ada Lovelace"
         <ada@example.org>
        Subject: Your order is on its way
        Date: Sat, 14 Mar 2026 14:09:26 +0000
        Message-ID: <shipped-1@shop.example>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Hello Ada,

        it costs 10 =3D ten.

        """.ReplaceLineEndings("\r\n"));

    [Theory]
    [InlineData("Zoë Ångström")]
    [InlineData("山田 太郎 と とても 長い 名前 の 家族 の みなさま 御中 山田 太郎 と とても 長い 名前")]
    [InlineData("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀")]
    [InlineData("=?utf-8?B?Zm9v?=")]
    public void Names_of_every_script_survive_in_words_short_enough(string name)
    {
        var message = Write(Mail with { ToName = name });

        var header = message[message.IndexOf("To: ", StringComparison.Ordinal)..message.IndexOf("\r\nSubject", StringComparison.Ordinal)];
        var words = header["To: ".Length..].Split("\r\n ")[..^1];
        words.ShouldAllBe(word => word.Length <= 75);
        string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])))).ShouldBe(name);
    }

    [Theory]
    [InlineData("Mallory\r\nBcc: all@example.org")]
    [InlineData("Mallory\nBcc: all@example.org")]
    [InlineData("Mallory\u0000\u0085Bcc: all@example.org")]
    [InlineData("Mallory\"\r\n <x@example.org>, \"\\")]
    public void A_name_cannot_add_headers(string name)
    {
        HeaderNames(Write(Mail with { ToName = name })).ShouldBe(ExpectedHeaders);
        HeaderNames(Write(Mail with { Subject = name })).ShouldBe(ExpectedHeaders);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org\r\nBcc: all@example.org")]
    [InlineData("")]
    public void A_recipient_that_is_no_address_is_refused(string to) =>
        Should.Throw<FormatException>(() => Write(Mail with { To = to })).Message.ShouldContain("not an address");

    [Fact]
    public void Bodies_are_encoded_in_short_lines_that_decode_to_the_text()
    {
        var body = string.Join('\n', "Grüße", new string('x', 200), new string('ä', 100), "trailing space ", "=", ".", "\ttab\t");

        var encoded = QuotedPrintable.Encode(body);

        encoded.Split("\r\n").ShouldAllBe(line => line.Length <= 76 && !line.EndsWith(' ') && !line.EndsWith('\t'));
        Ascii.IsValid(encoded).ShouldBeTrue();
        Decode(encoded).ShouldBe(body + "\n");
    }

    private static string Decode(string encoded)
    {
        var text = encoded.Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '=' ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            i += text[i] == '=' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
