using ChangeFeed.Emulator.Endpoints;
using ChangeFeed.Emulator.Endpoints.Management;
using ChangeFeed.Emulator.Endpoints.Regions;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator;

/// <summary>
/// A running Cosmos DB for NoSQL endpoint over HTTP. Dispose it to stop: what was acknowledged is on disk by then
/// and before.
/// </summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly Listener _listener;
    private readonly IAsyncDisposable _behind;
    private readonly ILoggerFactory _logs;
    private readonly RegionSet? _regions;
    private int _disposed;

    private EmulatorHost(Listener listener, IAsyncDisposable behind, ILoggerFactory logs, string key)
    {
        (_listener, _behind, _logs, _regions) = (listener, behind, logs, behind as RegionSet);
        Endpoint = listener.Endpoint;
        ConnectionString = $"AccountEndpoint={Endpoint};AccountKey={key}";
    }

    /// <summary>The address of the endpoint; with regions that of the account, which answers from whichever region is written to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The connection string to give to a client in Gateway mode.</summary>
    public string ConnectionString { get; }

    /// <summary>The address of each region that has answered so far; empty where the account has none but one.</summary>
    public IReadOnlyDictionary<string, Uri> RegionEndpoints =>
        _regions?.All.Where(region => region.Endpoint is not null).ToDictionary(region => region.Name, region => region.Endpoint!) ?? [];

    /// <summary>Opens the data and listens.</summary>
    /// <exception cref="EmulatorStartException">The port or the data directory is in use, or the data is damaged.</exception>
    public static Task<EmulatorHost> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(options, TimeProvider.System, cancellationToken);

    /// <summary>Opens the data and listens; expiry, timestamps and delays go by a clock of one's own.</summary>
    /// <exception cref="EmulatorStartException">The port or the data directory is in use, or the data is damaged.</exception>
    public static async Task<EmulatorHost> StartAsync(EmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (RegionNames.Problem(options) is { } problem)
            throw new EmulatorStartException(problem);
        var logs = LoggerFactory.Create(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        try
        {
            return options.Regions.Count == 0
                ? await StartOneAsync(options, time, logs, cancellationToken)
                : await StartRegionsAsync(options, time, logs, cancellationToken);
        }
        catch
        {
            logs.Dispose();
            throw;
        }
    }

    private static async Task<EmulatorHost> StartOneAsync(
        EmulatorOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var data = DataDirectory.Open(options.InMemory ? null : options.DataDirectory);
        RunningStore? running = null;
        try
        {
            if (RegionsFile.Read(data.FullPath) is { } file)
                throw new EmulatorStartException(
                    $"The data in {data.FullPath} is of the regions {file.Names}; start with --regions {file.Names}, or choose another --data directory.");
            running = RunningStore.Open(data, options.MaxBytes, time, logs.CreateLogger<EmulatorHost>());
            var listener = await Listener.StartAsync(
                options,
                options.Port,
                (log, stopping) => new Router(options, running.State, new Controls(options, time), null, log, stopping).HandleAsync,
                cancellationToken);
            running.Begin();
            return new(listener, running, logs, options.Key);
        }
        catch
        {
            if (running is not null)
                await running.DisposeAsync();
            else
                data.Dispose();
            throw;
        }
    }

    private static async Task<EmulatorHost> StartRegionsAsync(
        EmulatorOptions options, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var listeners = new RegionListener(options, time);
        var regions = new RegionSet(options, listeners, time, logs.CreateLogger<EmulatorHost>());
        listeners.Regions = regions;
        try
        {
            await regions.StartAsync();
            return new(await listeners.OpenAccountAsync(cancellationToken), regions, logs, options.Key);
        }
        catch
        {
            await regions.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    public Task WaitForShutdownAsync() => _listener.WaitForShutdownAsync();

    /// <summary>Stops listening, lets running requests end, closes the data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _listener.DisposeAsync();
        await _behind.DisposeAsync();
        _logs.Dispose();
    }
}
