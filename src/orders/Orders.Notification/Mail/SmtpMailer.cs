using System.Net.Security;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Orders.Notification.Mail;

/// <summary>
/// Hands every mail to a mail server, within a deadline. A server cannot be asked whether it has a mail already, so after a crash it may
/// get one twice; the Message-ID is the same then, by which mailboxes recognise the duplicate.
/// </summary>
public sealed class SmtpMailer(IOptions<MailOptions> options, TimeProvider time) : IMailer
{
    private readonly SmtpOptions _smtp = options.Value.Smtp;

    /// <summary>Whom to trust, in tests; null for the certificates the machine trusts.</summary>
    internal RemoteCertificateValidationCallback? TrustsCertificate { get; init; }

    public async Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var message = MimeFormat.Compose(mail, options.Value.From);
        using var timeout = new CancellationTokenSource(_smtp.Timeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await SendAsync(message, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not take the mail within {_smtp.Timeout}, as Mail:Smtp:Timeout says.");
        }
        catch (Exception e) when (SmtpFailure.Explain(e, mail.MessageId) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Nothing to do: a mail that was handed over is nowhere here.</summary>
    public void Forget(IEnumerable<string> messageIds)
    {
    }

    private async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient();
        client.ServerCertificateValidationCallback = TrustsCertificate;
        client.CheckCertificateRevocation = false; // asking for it has no deadline
        var security = _smtp.Tls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;
        await client.ConnectAsync(_smtp.Host, _smtp.Port, security, cancellationToken);
        if (_smtp.Username.Length > 0)
            await client.AuthenticateAsync(_smtp.Username, _smtp.Password, cancellationToken);
        if (MimeFormat.NeedsSmtpUtf8(message) && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
            throw new MailRefusedException($"The recipient of mail {message.MessageId} needs a mail server with SMTPUTF8, which this one is not.");
        await client.SendAsync(MimeFormat.For(message), message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken); // how it ends is no matter: the server has the mail
    }
}
