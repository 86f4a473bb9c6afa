using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>
/// Tells whoever comes with https:// to an endpoint that speaks HTTP, or the other way round. Clients say only that a frame was corrupted
/// or a connection ended.
/// </summary>
internal static class SchemeCheck
{
    /// <summary>The first byte of TLS; no HTTP request begins with it.</summary>
    private const byte Handshake = 0x16;

    private static readonly byte[] PlainAnswer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis endpoint speaks HTTPS; use an https:// address."u8
            .ToArray();

    /// <summary>As long as the web server itself waits for a connection's next request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    /// <summary>Serves HTTPS with the certificate, or HTTP where there is none, and says so to those who come with the other.</summary>
    public static void UseOnly(this ListenOptions listen, X509Certificate2? certificate)
    {
        var log = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("ChangeFeed.Emulator");
        var warned = 0L;
        listen.Use(next => async connection =>
        {
            switch (await BeginsSecurelyAsync(connection))
            {
                case true when certificate is null:
                    // A client tries again and again; said once in a while, it is seen.
                    var before = Interlocked.Read(ref warned);
                    if (before == 0 || TimeProvider.System.GetElapsedTime(before) > BetweenWarnings)
                        Warn(log, connection);
                    Interlocked.Exchange(ref warned, TimeProvider.System.GetTimestamp());
                    return;
                case false when certificate is not null:
                    await connection.Transport.Output.WriteAsync(PlainAnswer);
                    return;
                case not null:
                    await next(connection);
                    return;
            }
        });
        if (certificate is not null)
            listen.UseHttps(certificate);
    }

    private static void Warn(ILogger log, ConnectionContext connection) => log.LogWarning(
        "A client came with an https:// address, and this endpoint speaks HTTP: use http://{Address}/, or start it with --certificate.",
        connection.LocalEndPoint);

    /// <summary>Looks at the first byte and leaves it to those who come after; null where the client says nothing.</summary>
    private static async ValueTask<bool?> BeginsSecurelyAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            var read = await input.ReadAsync(patience.Token);
            bool? isSecure = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == Handshake;
            input.AdvanceTo(read.Buffer.Start);
            return isSecure;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Gone, or silent for too long.
            return null;
        }
    }
}
