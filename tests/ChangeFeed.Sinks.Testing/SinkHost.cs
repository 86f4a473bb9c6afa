using System.Net;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Sinks.Testing;

/// <summary>An instance of a service that feeds sinks. It can be cut off from the store, as if its process had been killed.</summary>
public sealed class SinkHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly CosmosClient _client;
    private readonly CutOff _cut;

    private SinkHost(IHost host, CosmosClient client, CutOff cut, LogCollector log) => (_host, _client, _cut, Log) = (host, client, cut, log);

    public LogCollector Log { get; }

    public static async Task<SinkHost> StartAsync(SinkStore store, IReadOnlyList<Sink> sinks, TimeSpan checkpoints)
    {
        var (cut, log) = (new CutOff(), new LogCollector());
        var client = store.CreateClient(new ChangeFeedRequestHandler(TimeSpan.FromSeconds(5)), cut);
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ChangeFeed:PollInterval"] = "00:00:00.050",
            ["ChangeFeed:LeaseAcquireInterval"] = "00:00:00.300",
            ["ChangeFeed:LeaseRenewInterval"] = "00:00:00.500",
            ["ChangeFeed:LeaseExpirationInterval"] = "00:00:02",
            ["ChangeFeed:ControlInterval"] = "00:00:00.200",
            ["ChangeFeed:CheckpointInterval"] = checkpoints.ToString("c"),
            ["ChangeFeed:StopTimeout"] = "00:00:02",
        });
        builder.Services.AddSingleton(store.Types);
        builder.Services.AddSingleton(new CosmosEventStore(store.In(client, SinkStore.Events), store.Types, TimeProvider.System));
        builder.Services.AddSinks(sinks);
        builder.Services.AddChangeFeed(feed =>
        {
            feed.Source(_ => store.In(client, SinkStore.Events), _ => store.In(client, SinkStore.Leases));
            feed.DeadLetters(_ => store.In(client, SinkStore.DeadLetters));
            feed.Controls(_ => store.In(client, SinkStore.Controls));
            feed.Feed(sinks);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new SinkHost(host, client, cut, log);
    }

    /// <summary>From now on nothing it asks reaches the store: neither a checkpoint nor a renewal of a lease, and nothing more is read.</summary>
    public void CutOff() => _cut.IsCut = true;

    public Task<HealthReport> HealthAsync() =>
        _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _client.Dispose();
    }
}

internal sealed class CutOff : RequestHandler
{
    public volatile bool IsCut;

    public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken) =>
        IsCut ? throw new CosmosException("Cut off, as if killed.", HttpStatusCode.ServiceUnavailable, 0, "", 0) : base.SendAsync(request, cancellationToken);
}
