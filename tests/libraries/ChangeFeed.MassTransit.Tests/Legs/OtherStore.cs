using ChangeFeed.Emulator;
using ChangeFeed.MassTransit.Tests.Processor;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Legs;

/// <summary>Another account, to which a container moves.</summary>
public sealed class OtherStore : IAsyncLifetime
{
    private EmulatorHost _emulator = null!;

    public async ValueTask InitializeAsync() =>
        _emulator = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 3 });

    /// <summary>A client, as a process would have.</summary>
    public CosmosClient CreateClient(params RequestHandler[] handlers) => Store.CreateClient(_emulator, handlers);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();
}
