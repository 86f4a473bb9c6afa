using ChangeFeed.Emulator.Testing;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Timers.Tests;

/// <summary>Streams and timers on an embedded store, whose clock a test puts forward. The clocks of the instances are their own.</summary>
public sealed class TimerFixture : IAsyncLifetime
{
    private CosmosClient _client = null!;

    /// <summary>Whether the container of the timers keeps versions and deletes.</summary>
    internal bool KeepsVersions { get; init; } = true;

    public CosmosEmulator Emulator { get; private set; } = null!;

    public Container Events { get; private set; } = null!;

    public Container Timers { get; private set; } = null!;

    public Container Controls { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await CosmosEmulator.StartAsync();
        _client = Emulator.CreateClient();
        Database database = await _client.CreateDatabaseIfNotExistsAsync("tickets");
        Events = await database.CreateContainerAsync("events", EventDocument.PartitionKeyPath);
        Controls = await database.CreateContainerAsync("controls", "/endpoint");
        Timers = await database.CreateContainerAsync(new ContainerProperties("timers", "/streamId")
        {
            DefaultTimeToLive = -1,
            IndexingPolicy = Indexing(),
            ChangeFeedPolicy = KeepsVersions ? new ChangeFeedPolicy { FullFidelityRetention = TimeSpan.FromMinutes(1) } : null,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Emulator.DisposeAsync();
    }

    private static IndexingPolicy Indexing()
    {
        var policy = new IndexingPolicy { ExcludedPaths = { new ExcludedPath { Path = "/*" } } };
        foreach (var path in TimerStore.Indexed)
            policy.IncludedPaths.Add(new IncludedPath { Path = path });
        return policy;
    }

    internal TimerStore Store(bool observesExpiry = false) => new(Timers, Tickets.Map, observesExpiry);

    internal CosmosEventStore Streams(TimeProvider? clock = null) => new(Events, Tickets.Map, clock ?? TimeProvider.System);

    internal TimerFiring Firing(ILogger? logger = null) => new(
        Tickets.Handler, Store(), Streams(), new ChangeFeedControls(Controls, TimeProvider.System), logger ?? new LogCollector().CreateLogger("timers"));

    /// <summary>A reservation with its deadline, counted from when the store wrote it.</summary>
    internal async Task<RecordedEvent> ReserveAsync(bool observesExpiry = false, TimeProvider? clock = null, TimeSpan? deadline = null)
    {
        var cause = await AppendAsync(Guid.NewGuid().ToString(), CosmosEventStore.NoStream, new SeatReserved("A1"), clock);
        var schedule = Tickets.Schedule with { After = deadline ?? Tickets.Deadline };
        await Store(observesExpiry).ScheduleAsync(cause, await StoredAtAsync(cause), schedule, TestContext.Current.CancellationToken);
        return cause;
    }

    internal async Task<RecordedEvent> AppendAsync(string stream, long version, object e, TimeProvider? clock = null) =>
        (await Streams(clock).AppendAsync(stream, version, [e], new AppendContext("test"), TestContext.Current.CancellationToken))[0];

    /// <summary>Fires what is due by the clock of the store.</summary>
    internal async Task FireAsync(TimerFiring? firing = null) => await (firing ?? Firing()).FireDueAsync(
        await Store().NowAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    internal async Task<IReadOnlyList<object>> StreamAsync(RecordedEvent of) =>
        [.. (await Streams().ReadStreamAsync(of.StreamId, TestContext.Current.CancellationToken)).Select(e => e.Data)];

    internal async Task<IReadOnlyList<WaitingTimer>> WaitingAsync(RecordedEvent of) =>
        await Store().OfStreamAsync(of.StreamId, TestContext.Current.CancellationToken);

    /// <summary>An instance as a service runs it.</summary>
    internal async Task<IHost> StartInstanceAsync(
        TimeProvider? clock = null, bool observesExpiry = false, TimeSpan? pollInterval = null, ILoggerProvider? logs = null)
    {
        var builder = new HostApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Timers:PollInterval"] = (pollInterval ?? TimeSpan.FromSeconds(1)).ToString(),
            ["Timers:ObserveExpiry"] = observesExpiry.ToString(),
        });
        builder.Logging.ClearProviders();
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(Tickets.Map);
        builder.Services.AddSingleton(Streams(clock));
        builder.Services.Configure<ChangeFeedOptions>(options => options.HoldReads = TimeSpan.FromSeconds(10));
        builder.Services.AddTimerStore(_ => Timers);
        builder.Services.AddTimer(_ => Tickets.Handler, _ => Controls);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private async Task<DateTimeOffset> StoredAtAsync(RecordedEvent e)
    {
        using var response = await Events.ReadItemStreamAsync(
            $"{e.Version}", new PartitionKey(e.StreamId), cancellationToken: TestContext.Current.CancellationToken);
        using var document = await System.Text.Json.JsonDocument.ParseAsync(response.Content, cancellationToken: TestContext.Current.CancellationToken);
        return DateTimeOffset.FromUnixTimeSeconds(document.RootElement.GetProperty("_ts").GetInt64());
    }
}
