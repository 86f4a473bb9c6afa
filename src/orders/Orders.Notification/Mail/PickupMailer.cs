using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.Hosting.Files;

namespace Orders.Notification.Mail;

/// <summary>
/// Puts every mail as one <c>.eml</c> file into a directory, from where a person or a mail server picks it up. The file is named
/// after the Message-ID, so the same mail again finds its file there and changes nothing.
/// </summary>
public sealed class PickupMailer : IMailer
{
    private readonly string _directory;
    private readonly string _from;

    public PickupMailer(IOptions<MailOptions> options)
    {
        _directory = Directory.CreateDirectory(options.Value.PickupDirectory).FullName;
        _from = options.Value.From;
    }

    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var name = mail.MessageId[..mail.MessageId.IndexOf('@', StringComparison.Ordinal)];
        using var message = MimeFormat.Compose(mail, _from);
        using var content = new MemoryStream();
        message.WriteTo(MimeFormat.For(message), content, cancellationToken);
        AtomicFile.TryCreate(Path.Combine(_directory, name + ".eml"), content.GetBuffer().AsSpan(0, (int)content.Length));
        return Task.CompletedTask;
    }
}
