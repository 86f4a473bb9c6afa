using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>An event container of its own, and instances of a service that reads it.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    private Feed(Container events, Container leases)
    {
        Events = events;
        Leases = leases;
        Store = new CosmosEventStore(events, TestEvents.Map, TimeProvider.System);
    }

    public Container Events { get; }

    public Container Leases { get; }

    public CosmosEventStore Store { get; }

    public LogLines Log { get; } = new();

    public static async Task<Feed> CreateAsync(Store store, bool smallLeases = false) =>
        new(await store.CreateContainerAsync(EventDocument.PartitionKeyPath), await store.CreateContainerAsync("/id", ttl: -1, smallLeases));

    /// <summary>Starts one more instance of the service.</summary>
    public async Task<IHost> StartAsync(
        Seen seen,
        Action<ChangeFeedEndpointConfigurator>? configure = null,
        Action<ChangeFeedConfigurator>? feed = null,
        Action<IDictionary<string, string?>>? settings = null,
        CosmosClient? client = null)
    {
        var values = new Dictionary<string, string?>
        {
            ["ChangeFeed:PollInterval"] = "00:00:00.050",
            ["ChangeFeed:LeaseAcquireInterval"] = "00:00:00.300",
            ["ChangeFeed:LeaseRenewInterval"] = "00:00:00.500",
            ["ChangeFeed:LeaseExpirationInterval"] = "00:00:02",
            ["ChangeFeed:CheckpointInterval"] = "00:00:00.050",
            ["ChangeFeed:StopTimeout"] = "00:00:02",
        };
        settings?.Invoke(values);
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddSingleton(TestEvents.Map).AddSingleton(seen);
        builder.Services.AddChangeFeed(f =>
        {
            f.Source(_ => In(Events), _ => In(Leases));
            feed?.Invoke(f);
            f.Endpoint("test", endpoint =>
            {
                endpoint.Retry(retry => global::MassTransit.RetryConfigurationExtensions.None(retry));
                if (feed is null)
                    endpoint.OnFailure = FailurePolicy.Block;
                (configure ?? (e => e.AddConsumer<SeenConsumer>()))(endpoint);
            });
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        _hosts.Add(host);
        return host;

        Container In(Container container) =>
            client is null || container.Database.Client.Endpoint != client.Endpoint ? container : client.GetContainer(container.Database.Id, container.Id);
    }

    public async Task StopAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    /// <summary>Writes a document as it is.</summary>
    public async Task WriteAsync(string stream, string json)
    {
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        using var response = await Events.CreateItemStreamAsync(body, new PartitionKey(stream), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task AppendAsync(string stream, long version, object data) =>
        await Store.AppendAsync(stream, version - 1, [data], new AppendContext("test"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.ToList())
            await StopAsync(host);
        foreach (var (level, text, exception, _) in Log.Lines.Where(line => line.Level > LogLevel.Debug))
            TestContext.Current.TestOutputHelper?.WriteLine($"{level}: {text} {exception}");
    }
}
