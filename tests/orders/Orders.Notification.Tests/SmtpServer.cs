using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Orders.Notification.Tests;

/// <summary>A mail server on loopback that keeps what it gets, and can refuse, hang or break off at any command.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public sealed record Received(string Sender, IReadOnlyList<string> Recipients, string Data, bool Encrypted);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly Task _accepting;

    public SmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it says it can do.</summary>
    public string[] Offers { get; init; } = ["8BITMIME", "SMTPUTF8"];

    /// <summary>What STARTTLS is answered with.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Its own answer to a command, or to the text of a mail as <c>TEXT</c>; null for the usual one.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>The command it never answers; <c>CONNECT</c> to say nothing at all.</summary>
    public string? HangsAt { get; set; }

    /// <summary>The command at which it ends the connection.</summary>
    public string? DropsAt { get; set; }

    public ConcurrentQueue<Received> Mails { get; } = new();

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Waits until it was told something.</summary>
    public async Task UntilAsync(string command, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        while (!Commands.Contains(command))
            await Task.Delay(5, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_conversations);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ConverseAsync(TcpClient connection)
    {
        using var client = connection;
        try
        {
            await SpeakAsync(client.GetStream());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went, or the test ended.
        }
    }

    private async Task SpeakAsync(Stream stream)
    {
        var (sender, recipients, encrypted) = ("", new List<string>(), false);
        if (HangsAt == "CONNECT")
            await Task.Delay(Timeout.Infinite, _stop.Token);
        await SayAsync("220 test");
        while (await ReadAsync() is { } command)
        {
            Commands.Enqueue(command);
            if (HangsAt is { } hang && command.StartsWith(hang, StringComparison.Ordinal))
                await Task.Delay(Timeout.Infinite, _stop.Token);
            if (DropsAt is { } drop && command.StartsWith(drop, StringComparison.Ordinal))
                return;
            if (Answer(command) is { } own)
                await SayAsync(own);
            else if (command.StartsWith("EHLO", StringComparison.Ordinal))
                await SayAsync(
                    string.Join(
                    "\r\n", [.. Offers.Prepend("test").Concat(Certificate is null || encrypted ? [] : ["STARTTLS"]).Select(line => $"250-{line}"), "250 OK"]));
            else if (command == "STARTTLS")
            {
                await SayAsync("220 go on");
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
                (stream, encrypted) = (tls, true);
            }
            else if (command.StartsWith("AUTH PLAIN", StringComparison.Ordinal))
                await SayAsync("235 ok");
            else if (command == "DATA")
            {
                await SayAsync("354 go on");
                var data = new StringBuilder();
                while (await ReadAsync() is { } line && line != ".")
                    data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
                if (Answer("TEXT") is { } answer)
                {
                    await SayAsync(answer);
                    continue;
                }

                Mails.Enqueue(new Received(sender, [.. recipients], data.ToString(), encrypted));
                await SayAsync("250 accepted");
            }
            else
            {
                if (command.StartsWith("MAIL FROM:", StringComparison.Ordinal))
                    (sender, recipients) = (command["MAIL FROM:".Length..], []);
                if (command.StartsWith("RCPT TO:", StringComparison.Ordinal))
                    recipients.Add(command["RCPT TO:".Length..]);
                await SayAsync(command == "QUIT" ? "221 bye" : "250 ok");
            }
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), _stop.Token);

        async Task<string?> ReadAsync()
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, _stop.Token) == 1)
            {
                if (one[0] == '\n')
                    return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(one[0]);
            }

            return null;
        }
    }
}
