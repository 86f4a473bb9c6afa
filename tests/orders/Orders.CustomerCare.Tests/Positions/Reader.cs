using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace Orders.CustomerCare.Tests.Positions;

/// <summary>A service that reads the events of a store through the SDK's processor, and notes what it gets.</summary>
internal sealed class Reader(WithStore service) : IAsyncDisposable
{
    private static readonly ProcessorSettings Settings = new(
        TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(50));

    private readonly ConcurrentQueue<EventHeader> _handled = new();
    private ChangeFeedProcessor? _processor;

    public string Name { get; } = $"reader-{Guid.NewGuid():N}";

    public int TimesOf(string stream, long version) => _handled.Count(e => e.StreamId == stream && e.Version == version);

    public async Task StartAsync()
    {
        _processor = service.Database.Events.GetDocumentProcessorBuilder(Name, service.Database.Leases, Settings, async (_, page, checkpoint, _) =>
        {
            foreach (var document in page.Documents)
                _handled.Enqueue(EventDocument.ReadHeader(document));
            await checkpoint();
        }).Build();
        await _processor.StartAsync();
    }

    public async Task StopAsync()
    {
        await (_processor?.StopAsync() ?? Task.CompletedTask);
        _processor = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
