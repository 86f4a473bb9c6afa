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
    // Writing one takes milliseconds: what is older was left by a process that was killed.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly string _from;
    private readonly TimeProvider _time;

    public PickupMailer(IOptions<MailOptions> options, TimeProvider time)
    {
        _directory = Directory.CreateDirectory(options.Value.PickupDirectory).FullName;
        _from = options.Value.From;
        _time = time;
        AtomicFile.DeleteAbandoned(_directory, time.GetUtcNow() - Abandoned);
    }

    public Task SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var message = MimeFormat.Compose(mail, _from);
        using var content = new MemoryStream();
        message.WriteTo(MimeFormat.For(message), content, cancellationToken);
        AtomicFile.TryCreate(PathOf(mail.MessageId), content.GetBuffer().AsSpan(0, (int)content.Length));
        return Task.CompletedTask;
    }

    public void Forget(IEnumerable<string> messageIds)
    {
        foreach (var id in messageIds)
            File.Delete(PathOf(id));
        AtomicFile.DeleteAbandoned(_directory, _time.GetUtcNow() - Abandoned);
    }

    private string PathOf(string messageId) => Path.Combine(_directory, messageId[..messageId.IndexOf('@', StringComparison.Ordinal)] + ".eml");
}
