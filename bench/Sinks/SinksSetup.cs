using Bench.Harness;
using Bench.Subjects;
using Bench.Views;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Sinks;
using Microsoft.Azure.Cosmos;
using Orders.Cache;
using Orders.Contracts;
using Orders.Outward;
using StackExchange.Redis;

namespace Bench.Sinks;

/// <summary>An embedded store full of orders, and sinks that are fed from it in the bench's own process.</summary>
internal sealed class SinksSetup : IAsyncDisposable
{
    private static readonly TimeSpan FeedDeadline = TimeSpan.FromMinutes(3);

    private readonly CosmosEndpoint _endpoint;
    private readonly CosmosClient _client;
    private readonly IHost _servers;
    private bool _isSeeded;

    private SinksSetup(BenchOptions options, WorkDirectory directory, CosmosEndpoint endpoint, IHost servers)
    {
        (Options, _endpoint, _servers, _client) = (options, endpoint, servers, CosmosAccount.ConnectReader(endpoint.Address));
        Subjects = SinkSubject.All(directory, servers.Services);
    }

    public BenchOptions Options { get; }

    public IReadOnlyList<SinkSubject> Subjects { get; }

    public int Orders => Options.Quick ? 1_000 : 10_000;

    public int Events => Orders * OrderHistory.Events;

    public static async Task<SinksSetup> StartAsync(BenchOptions options, WorkDirectory directory, CancellationToken stop)
    {
        var servers = new HostApplicationBuilder();
        servers.Logging.ClearProviders();
        servers.Services.AddSingleton(TimeProvider.System);
        if (Environment.GetEnvironmentVariable("ConnectionStrings__cache") is { Length: > 0 } cache)
            servers.Services.AddSingleton<IConnectionMultiplexer>(
                await ConnectionMultiplexer.ConnectAsync(new CacheOptions { ConnectionString = cache }.Configuration("bench")));
        if (Environment.GetEnvironmentVariable("ConnectionStrings__bus") is { Length: > 0 } bus)
            servers.Services.AddOutwardBus(new BusOptions { ConnectionString = bus });
        var host = servers.Build();
        await host.StartAsync(stop);
        var endpoint = await CosmosEndpoint.StartEmulatorAsync("emulator", directory.Sub("emulator"), stop);
        var setup = new SinksSetup(options, directory, endpoint, host);
        await CosmosAccount.CreateContainerAsync(setup._client, "events", EventDocument.PartitionKeyPath, stop: stop);
        foreach (var (name, key) in new[] { ("leases", "/id"), ("dead-letters", "/endpoint"), ("controls", "/endpoint") })
            await CosmosAccount.CreateContainerAsync(setup._client, name, key, ttl: -1, stop);
        return setup;
    }

    /// <summary>Writes the orders, once.</summary>
    public async Task SeedAsync(CancellationToken stop)
    {
        if (_isSeeded)
            return;
        _isSeeded = true;
        Progress.Say($"{Events:#,0} events");
        await OrderHistory.WriteAsync(In("events"), Orders, stop);
    }

    /// <summary>Feeds a sink from the first event on, as the service of the sinks does.</summary>
    public async Task<SinkRun> FeedAsync(Sink sink, Task<long> all, CancellationToken stop)
    {
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(OrderEvents.Map);
        builder.Services.AddSingleton(new CosmosEventStore(In("events"), OrderEvents.Map, TimeProvider.System));
        builder.Services.AddSinks([sink]);
        builder.Services.AddChangeFeed(feed =>
        {
            feed.Source(_ => In("events"), _ => In("leases"));
            feed.DeadLetters(_ => In("dead-letters"));
            feed.Controls(_ => In("controls"));
            feed.Feed([sink]);
        });
        using var host = builder.Build();
        var run = await SinkRun.MeasureAsync(async () =>
        {
            await host.StartAsync(stop);
            await all.WaitAsync(FeedDeadline, stop);
        });
        await host.StopAsync(stop);
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await _servers.StopAsync();
        _servers.Dispose();
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    private Container In(string container) => _client.GetContainer(CosmosAccount.Database, container);
}
