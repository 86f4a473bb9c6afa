using ChangeFeed.Sinks.Testing;
using Orders.Sinks.Tests.Support;

namespace Orders.Sinks.Tests;

/// <summary>The suite on the embedded search index.</summary>
public sealed class SearchConformanceTests : SinkConformance
{
    protected override Task<SinkOutside> StartOutsideAsync() => Task.FromResult<SinkOutside>(new SearchOutside());
}

/// <summary>The suite on the cache that runs without a server.</summary>
public sealed class GarnetConformanceTests : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        var server = new GarnetCache();
        await server.StartAsync();
        return new CacheOutside(server);
    }
}

/// <summary>The suite on a Delta table in a directory.</summary>
public sealed class ArchiveConformanceTests : SinkConformance
{
    protected override Task<SinkOutside> StartOutsideAsync() => Task.FromResult<SinkOutside>(new DirectoryArchive());
}

/// <summary>The suite on a Delta table in a storage account, as Azurite has one.</summary>
public sealed class AzuriteConformanceTests : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        var azurite = new Azurite();
        await azurite.StartAsync();
        return new AzuriteArchive(azurite);
    }
}

/// <summary>The suite on Redis.</summary>
public sealed class RedisConformanceTests : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        Assert.SkipUnless(RedisServer.Program is not null, "There is no redis-server on the PATH; .ci/run installs it.");
        var server = new RedisServer();
        await server.StartAsync();
        return new CacheOutside(server);
    }
}

/// <summary>The suite on the bus that runs without a broker.</summary>
public sealed class MemoryBusConformanceTests : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        var outside = new MemoryBusOutside();
        await outside.StartAsync();
        return outside;
    }
}

/// <summary>The suite on RabbitMQ.</summary>
[Collection(RabbitCollection.Name)]
public sealed class RabbitConformanceTests(RabbitBroker broker) : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        Assert.SkipUnless(RabbitBroker.IsInstalled, "There is no rabbitmq-server; .ci/run installs it.");
        var outside = new RabbitOutside(broker);
        await outside.StartAsync();
        return outside;
    }
}

/// <summary>The suite on a listener that speaks the protocol of Event Hubs; not on the service.</summary>
public sealed class EventHubsConformanceTests : SinkConformance
{
    protected override Task<SinkOutside> StartOutsideAsync() => Task.FromResult<SinkOutside>(new EventHubsOutside());
}

/// <summary>The suite on a server that answers as Azure AI Search documents it; not on the service.</summary>
public sealed class AzureSearchConformanceTests : SinkConformance
{
    protected override async Task<SinkOutside> StartOutsideAsync()
    {
        var outside = new AzureSearchOutside();
        await outside.StartAsync();
        return outside;
    }
}
