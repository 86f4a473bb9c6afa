using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;
using Microsoft.Extensions.Options;
using Orders.Notification.Mail;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public sealed class SmtpMailerTests
{
    private static readonly OutgoingMail Mail = new(
        "shipped-1@shop.example", Start, "ada@example.org", "Zoë\r\nBcc: all@example.org", "Your order is on its way", "Grüße\n.\n");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_server_gets_the_mail_with_its_message_id()
    {
        await using var server = new SmtpServer();

        await Mailer(server).SendAsync(Mail, Stop);

        var mail = server.Mails.ShouldHaveSingleItem();
        mail.Sender.ShouldStartWith("<orders@order-pipeline.example>");
        mail.Recipients.ShouldBe(["<ada@example.org>"]);
        mail.Data.ShouldContain("Message-Id: <shipped-1@shop.example>");
        mail.Data.ShouldContain("Subject: Your order is on its way");
        mail.Data.ShouldEndWith("\r\n\r\nGr=C3=BC=C3=9Fe\r\n.\r\n");
        mail.Data.Split("\r\n").ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        server.Commands.ShouldContain("QUIT");
    }

    [Fact]
    public async Task An_international_address_goes_as_it_is_where_the_server_takes_it()
    {
        await using var server = new SmtpServer();

        await Mailer(server).SendAsync(Mail with { To = "jürgen@exämple.org" }, Stop);

        server.Commands.ShouldContain(command => command.StartsWith("MAIL FROM:") && command.Contains("SMTPUTF8"));
        var mail = server.Mails.ShouldHaveSingleItem();
        mail.Recipients.ShouldBe(["<jürgen@exämple.org>"]);
        mail.Data.ShouldContain("<jürgen@exämple.org>");
    }

    [Fact]
    public async Task An_international_address_is_refused_for_good_where_the_server_does_not_take_it()
    {
        await using var server = new SmtpServer { Offers = ["8BITMIME"] };

        var refused = await Should.ThrowAsync<MailRefusedException>(Mailer(server).SendAsync(Mail with { To = "jürgen@example.org" }, Stop));

        refused.Message.ShouldBe("The recipient of mail shipped-1@shop.example needs a mail server with SMTPUTF8, which this one is not.");
        server.Commands.ShouldNotContain(command => command.StartsWith("MAIL"));
    }

    [Theory]
    [InlineData("ada@exämple.org", "<ada@xn--exmple-cua.org>")]
    [InlineData("ada@EXÄMPLE.org", "<ada@xn--exmple-cua.org>")]
    [InlineData("ada@xn--exmple-cua.org", "<ada@xn--exmple-cua.org>")]
    public async Task An_international_domain_needs_no_server_that_knows_it(string to, string recipient)
    {
        await using var server = new SmtpServer { Offers = [] };

        await Mailer(server).SendAsync(Mail with { To = to }, Stop);

        var mail = server.Mails.ShouldHaveSingleItem();
        mail.Recipients.ShouldBe([recipient]);
        mail.Data.ShouldContain(recipient);
    }

    [Theory]
    [InlineData(
        "RCPT", "550 5.1.1 <ada@example.org> is unknown to us", true,
        "The mail server refused mail shipped-1@shop.example for good: 550 (RecipientNotAccepted).")]
    [InlineData("RCPT", "553 ada@example.org", true, "The mail server refused mail shipped-1@shop.example for good: 553 (RecipientNotAccepted).")]
    [InlineData(
        "TEXT", "554 looks like spam for ada@example.org", true, "The mail server refused mail shipped-1@shop.example for good: 554 (MessageNotAccepted).")]
    [InlineData("RCPT", "450 ada@example.org is busy", false, "The mail server could not take the mail: 450 (RecipientNotAccepted).")]
    [InlineData("RCPT", "530 ada@example.org must log in", false, "The mail server wants a login: set Mail:Smtp:Username and Mail:Smtp:Password.")]
    [InlineData("TEXT", "452 no room for ada@example.org", false, "The mail server could not take the mail: 452 (MessageNotAccepted).")]
    [InlineData("MAIL", "550 not from you, ada@example.org", false, "The mail server could not take the mail: 550 (SenderNotAccepted).")]
    [InlineData("DATA", "421 going down, ada@example.org", false, "The mail server could not take the mail: 421 (UnexpectedStatusCode).")]
    public async Task What_the_server_refuses_is_told_by_its_code_alone(string command, string answer, bool forGood, string sentence)
    {
        await using var server = new SmtpServer { Answer = said => said.StartsWith(command, StringComparison.Ordinal) ? answer : null };

        var failure = await Should.ThrowAsync<Exception>(Mailer(server).SendAsync(Mail, Stop));

        failure.ShouldBeOfType(forGood ? typeof(MailRefusedException) : typeof(MailServerException));
        failure.Message.ShouldBe(sentence);
        failure.ToString().ShouldNotContain("ada");
        server.Mails.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData("STARTTLS")]
    public async Task A_server_that_hangs_is_given_up(string at)
    {
        using var certificate = Certificate();
        await using var server = new SmtpServer { HangsAt = at, Certificate = certificate };
        var began = Stopwatch.GetTimestamp();

        var late = await Should.ThrowAsync<TimeoutException>(
            Mailer(server, smtp => (smtp.Tls, smtp.Timeout) = (at == "STARTTLS", TimeSpan.FromMilliseconds(300)), trust: certificate).SendAsync(Mail, Stop));

        late.Message.ShouldBe("The mail server did not take the mail within 00:00:00.3000000, as Mail:Smtp:Timeout says.");
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_stop_is_no_failure_of_the_server()
    {
        await using var server = new SmtpServer { HangsAt = "DATA" };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var sending = Mailer(server).SendAsync(Mail, stop.Token);
        await server.UntilAsync("DATA", Stop);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(sending);
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_connection_that_breaks_is_a_failure_that_may_pass(string at)
    {
        await using var server = new SmtpServer { DropsAt = at };

        var failure = await Should.ThrowAsync<Exception>(Mailer(server).SendAsync(Mail, Stop));

        failure.ShouldNotBeOfType<MailRefusedException>();
        server.DropsAt = null;
        await Mailer(server).SendAsync(Mail, Stop);
        server.Mails.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("QUIT", null)]
    [InlineData(null, "QUIT")]
    public async Task Once_the_server_has_the_mail_it_does_not_matter_how_it_says_goodbye(string? drops, string? hangs)
    {
        await using var server = new SmtpServer { DropsAt = drops, HangsAt = hangs };

        await Mailer(server, smtp => smtp.Timeout = TimeSpan.FromSeconds(2)).SendAsync(Mail, Stop);

        server.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task With_Tls_the_mail_and_the_login_go_encrypted()
    {
        using var certificate = Certificate();
        await using var server = new SmtpServer { Certificate = certificate, Offers = ["AUTH PLAIN"] };

        await Mailer(server, Login, certificate).SendAsync(Mail, Stop);

        server.Mails.ShouldHaveSingleItem().Encrypted.ShouldBeTrue();
        server.Commands.TakeWhile(command => command != "STARTTLS").ShouldNotContain(command => command.StartsWith("AUTH"));
        server.Commands.ShouldContain($"AUTH PLAIN {Convert.ToBase64String("\0desk\0secret"u8)}");
    }

    [Fact]
    public async Task With_Tls_a_server_without_it_or_with_a_certificate_nobody_trusts_gets_nothing()
    {
        using var certificate = Certificate();
        await using var plain = new SmtpServer { Offers = ["AUTH PLAIN"] };
        await using var stranger = new SmtpServer { Offers = ["AUTH PLAIN"], Certificate = certificate };

        await Should.ThrowAsync<NotSupportedException>(Mailer(plain, Login).SendAsync(Mail, Stop));
        await Should.ThrowAsync<SslHandshakeException>(Mailer(stranger, Login).SendAsync(Mail, Stop));

        plain.Commands.Concat(stranger.Commands).ShouldNotContain(command => command.StartsWith("AUTH") || command.StartsWith("MAIL"));
    }

    [Fact]
    public async Task A_login_that_is_refused_is_a_failure_of_the_settings()
    {
        await using var server = new SmtpServer { Offers = ["AUTH PLAIN"], Answer = said => said.StartsWith("AUTH") ? "535 no, desk@shop.example" : null };

        var failure = await Should.ThrowAsync<MailServerException>(
            Mailer(server, smtp => (smtp.Username, smtp.Password) = ("desk", "wrong")).SendAsync(Mail, Stop));

        failure.ToString().ShouldNotContain("desk");
        failure.Message.ShouldBe("The mail server does not accept Mail:Smtp:Username and Mail:Smtp:Password.");
    }

    private static void Login(SmtpOptions smtp) => (smtp.Tls, smtp.Username, smtp.Password) = (true, "desk", "secret");

    private static SmtpMailer Mailer(SmtpServer server, Action<SmtpOptions>? configure = null, X509Certificate2? trust = null)
    {
        var options = new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } };
        configure?.Invoke(options.Smtp);
        return new SmtpMailer(Options.Create(options), TimeProvider.System)
        {
            TrustsCertificate = trust is null ? null : (_, shown, _, _) => shown?.GetCertHashString() == trust.GetCertHashString(),
        };
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
