using System.Net;
using ChangeFeed.Emulator.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Listens at one address. Dispose it to stop.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Listener(WebApplication app, Uri endpoint) => (_app, Endpoint) = (app, endpoint);

    public Uri Endpoint { get; }

    /// <summary>Cancelled when it is asked to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <param name="options">Host, certificate and more.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="handle">Makes what answers, given the log and what is cancelled when the listener is asked to stop.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EmulatorStartException">The port is in use, or the address or the certificate none.</exception>
    public static async Task<Listener> StartAsync(
        EmulatorOptions options, int port, Func<ILogger, CancellationToken, RequestDelegate> handle, CancellationToken cancellationToken)
    {
        var app = Build(options, port);
        try
        {
            app.Run(handle(app.Logger, app.Lifetime.ApplicationStopping));
            await app.StartAsync(cancellationToken);
            return new(app, AddressOf(app, options));
        }
        catch (Exception exception)
        {
            await app.DisposeAsync();
            if (exception is IOException && exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
                throw new EmulatorStartException(
                    $"Port {port} is in use; stop what uses it or choose another with --port.", exception);
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops at once: who is being answered is cut off.</summary>
    public async Task CutOffAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(EmulatorOptions options, int port)
    {
        var certificate = ServerCertificate.Load(options);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning)
            // A failed start is told in one sentence instead.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(Address(options.Host), port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseOnly(certificate);
            });
        });
        return builder.Build();
    }

    private static IPAddress Address(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.Any,
        _ =>
            IPAddress.TryParse(host, out var address)
                ? address
                : throw new EmulatorStartException($"--host is '{host}'; it must be an IP address, localhost or *."),
    };

    private static Uri AddressOf(WebApplication app, EmulatorOptions options)
    {
        var port = new Uri(app.Urls.First().Replace("[::]", "127.0.0.1")).Port;
        var host = options.Host is "*" or "+" or "0.0.0.0" or "::" ? "127.0.0.1" : options.Host;
        return new UriBuilder(options.Certificate is null ? "http" : "https", host, port).Uri;
    }

    /// <summary>Stops listening and lets running requests end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
