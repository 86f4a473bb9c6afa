using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Rider;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>A service with one endpoint, fed from memory.</summary>
internal sealed class RiderHost : IAsyncDisposable
{
    private RiderHost(IHost host, LogLines log)
    {
        Host = host;
        Log = log;
    }

    public IHost Host { get; }

    public LogLines Log { get; }

    public FeedEndpoint Endpoint => Host.Services.GetRequiredService<FeedEndpoints>().All.Single();

    public static async Task<RiderHost> StartAsync(
        Func<IFeedSource> source,
        Action<ChangeFeedEndpointConfigurator> configure,
        IParking? parking = null,
        Action<IServiceCollection>? services = null,
        Action<ChangeFeedConfigurator>? feed = null,
        Action<IServiceCollection>? after = null,
        string name = "test")
    {
        var log = new LogLines();
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton(TestEvents.Map);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ChangeFeed:CheckpointInterval"] = "00:00:00.005",
            ["ChangeFeed:StopTimeout"] = "00:00:02",
        });
        builder.Services.AddSingleton<EndpointStoreFactory>(_ => new InMemoryStore(source, parking ?? new InMemoryParking()));
        services?.Invoke(builder.Services);
        builder.Services.AddChangeFeed(f =>
        {
            f.Source(Container (_) => throw NotUsed(), _ => throw NotUsed());
            f.DeadLetters(_ => throw NotUsed());
            feed?.Invoke(f);
            f.Endpoint(name, configure);
        });
        after?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RiderHost(host, log);
    }

    private static InvalidOperationException NotUsed() => new("Nothing here has a store.");

    private sealed class InMemoryStore(Func<IFeedSource> source, IParking parking) : IEndpointStore
    {
        public IParking? Parking => parking;

        public Task<FeedReading> OpenAsync(EndpointParts parts, CancellationToken cancellationToken) =>
            Task.FromResult(new FeedReading(source(), null, Surveillance.None));
    }

    public Task StopAsync() => Host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Host.Dispose();
    }
}
