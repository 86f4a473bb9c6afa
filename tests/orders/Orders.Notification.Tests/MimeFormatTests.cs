using System.Text;
using MimeKit;
using Orders.Notification.Mail;
using MimeFormat = Orders.Notification.Mail.MimeFormat;

namespace Orders.Notification.Tests;

public class MimeFormatTests
{
    private static readonly OutgoingMail Mail = new(
        "shipped-1@shop.example", new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.FromHours(1)), "ada@example.org", "Ada Lovelace",
        "Your order is on its way", "Hello Ada,\n\nit costs 10 = ten.\n");

    private static readonly string[] ExpectedHeaders =
    [
        "From", "Date", "Subject", "Message-Id", "To", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ];

    private static byte[] Write(OutgoingMail mail)
    {
        using var message = MimeFormat.Compose(mail, "Order desk <orders@shop.example>");
        using var content = new MemoryStream();
        message.WriteTo(MimeFormat.For(message), content);
        return content.ToArray();
    }

    private static MimeMessage Read(byte[] mail) => MimeMessage.Load(new MemoryStream(mail));

    private static string[] HeaderNames(byte[] mail)
    {
        var message = Encoding.UTF8.GetString(mail);
        return message[..message.IndexOf("\r\n\r\n", StringComparison.Ordinal)]
            .Split("\r\n").Where(line => line[0] is not (' ' or '\t')).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToArray();
    }

    [Fact]
    public void A_plain_mail_reads_as_one_would_write_it() => Encoding.ASCII.GetString(Write(Mail)).ShouldBe(
        """
        From: Order desk <orders@shop.example>
        Date: Sat, 14 Mar 2026 14:09:26 +0000
        Subject: Your order is on its way
        Message-Id: <shipped-1@shop.example>
        To: Ada Lovelace <ada@example.org>
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
    [InlineData("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀")]
    [InlineData("O'Neil \"the\" \\, <x@example.org>")]
    public void Names_of_every_script_survive_in_ASCII(string name)
    {
        var mail = Write(Mail with { ToName = name, Subject = name });

        Ascii.IsValid(mail).ShouldBeTrue();
        Encoding.ASCII.GetString(mail).Split("\r\n").ShouldAllBe(line => line.Length <= 90);
        Read(mail).To.Mailboxes.ShouldHaveSingleItem().Name.ShouldBe(name);
        Read(mail).Subject.ShouldBe(name);
    }

    [Theory]
    [InlineData("Mallory\r\nBcc: all@example.org")]
    [InlineData("Mallory\nBcc: all@example.org")]
    [InlineData("Mallory\u0000\u0085Bcc: all@example.org")]
    [InlineData("Mallory\"\r\n <x@example.org>, \"\\")]
    public void A_name_cannot_add_headers_or_recipients(string name)
    {
        foreach (var to in new[] { "ada@example.org", "jürgen@example.org" })
        {
            var mail = Write(Mail with { To = to, ToName = name, Subject = name });

            HeaderNames(mail).ShouldBe(ExpectedHeaders);
            Read(mail).To.Mailboxes.ShouldHaveSingleItem().Address.ShouldBe(to);
        }
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org (Ada)")]
    [InlineData("ada@example.org\r\nBcc: all@example.org")]
    [InlineData("")]
    public void A_recipient_that_is_no_address_is_refused_without_being_told(string to) =>
        Should.Throw<MailRefusedException>(() => Write(Mail with { To = to })).Message
            .ShouldBe("The recipient of mail shipped-1@shop.example is not an address of the form name@domain.");

    [Fact]
    public void Bodies_are_encoded_in_short_lines_that_decode_to_the_text()
    {
        var body = string.Join('\n', "Grüße", new string('x', 200), new string('ä', 100), "trailing space ", "=", ".", "\ttab\t", "");

        var mail = Write(Mail with { Body = body });

        Ascii.IsValid(mail).ShouldBeTrue();
        Encoding.ASCII.GetString(mail).Split("\r\n").ShouldAllBe(line => line.Length <= 78 && !line.EndsWith(' ') && !line.EndsWith('\t'));
        Read(mail).TextBody.ShouldNotBeNull().ReplaceLineEndings("\n").ShouldBe(body);
    }
}
