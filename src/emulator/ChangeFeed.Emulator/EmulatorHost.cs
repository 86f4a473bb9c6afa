using System.Net;
using ChangeFeed.Emulator.Endpoints;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Storage;
using ChangeFeed.Emulator.Storage.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChangeFeed.Emulator;

/// <summary>
/// A running Cosmos DB for NoSQL endpoint over HTTP. Dispose it to stop: what was acknowledged is on disk by then
/// and before.
/// </summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataDirectory _data;
    private readonly IStore _store;
    private readonly Committer _committer;
    private readonly Task _background;
    private int _disposed;

    private EmulatorHost(WebApplication app, DataDirectory data, IStore store, Committer committer, Task background, Uri endpoint, string key)
    {
        (_app, _data, _store, _committer, _background) = (app, data, store, committer, background);
        Endpoint = endpoint;
        ConnectionString = $"AccountEndpoint={endpoint};AccountKey={key}";
    }

    /// <summary>The address of the endpoint.</summary>
    public Uri Endpoint { get; }

    /// <summary>The connection string to give to a client in Gateway mode.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens the data and listens.</summary>
    /// <exception cref="EmulatorStartException">The port or the data directory is in use, or the data is damaged.</exception>
    public static Task<EmulatorHost> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(options, TimeProvider.System, cancellationToken);

    /// <summary>Opens the data and listens; expiry, timestamps and delays go by a clock of one's own.</summary>
    /// <exception cref="EmulatorStartException">The port or the data directory is in use, or the data is damaged.</exception>
    public static async Task<EmulatorHost> StartAsync(EmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Open(options.InMemory ? null : options.DataDirectory);
        IStore? store = null;
        Committer? committer = null;
        WebApplication? app = null;
        try
        {
            store = data.OpenStore(options.MaxBytes, time);
            var catalogue = store.Load();
            app = Build(options);
            committer = new(store, time, app.Logger);
            var queries = new QueryEngine(time);
            var state = new EngineState(store, catalogue, committer, new(queries), queries, time);
            var router = new Router(options, state, app.Logger, app.Lifetime.ApplicationStopping);
            app.Run(router.HandleAsync);
            await app.StartAsync(cancellationToken);
            var sweep = new ExpirySweep(state, app.Logger).RunAsync(app.Lifetime.ApplicationStopping);
            var check = store.CheckAsync(app.Lifetime.ApplicationStopping);
            return new(app, data, store, committer, Task.WhenAll(sweep, check), AddressOf(app, options), options.Key);
        }
        catch (Exception exception)
        {
            if (app is not null)
                await app.DisposeAsync();
            committer?.Dispose();
            store?.Dispose();
            data.Dispose();
            if (exception is SqliteException { IsDamage: true })
                throw data.Damaged(exception);
            if (exception is IOException && exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
                throw new EmulatorStartException(
                    $"Port {options.Port} is in use; stop what uses it or choose another with --port.", exception);
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    private static WebApplication Build(EmulatorOptions options)
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
            kestrel.Listen(Address(options.Host), options.Port, listen =>
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

    /// <summary>Stops listening, lets running requests end, closes the data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _app.StopAsync();
        await _background;
        await _app.DisposeAsync();
        _committer.Dispose();
        _store.Dispose();
        _data.Dispose();
    }
}
