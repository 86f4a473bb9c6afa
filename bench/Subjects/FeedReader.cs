using System.Diagnostics;
using Microsoft.Azure.Cosmos;

namespace Bench.Subjects;

/// <summary>An unmodified change feed processor with the long poll, from now on, checkpointing a few times a second.</summary>
internal sealed class FeedReader : IAsyncDisposable
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMilliseconds(200);

    private readonly CosmosClient _client;
    private readonly ChangeFeedProcessor _processor;
    private long _checkpointed = Stopwatch.GetTimestamp();

    private FeedReader(
        CosmosClient client, string database, string container, string? leases, string name, Func<ReadOnlyMemory<byte>, long, Task> handle,
        DateTime since)
    {
        _client = client;
        var builder = client.GetContainer(database, container)
            .GetChangeFeedProcessorBuilderWithManualCheckpoint(name, async (_, page, checkpoint, _) =>
            {
                var at = Stopwatch.GetTimestamp();
                await handle(ReadAll(page), at);
                if (Stopwatch.GetElapsedTime(_checkpointed) < CheckpointInterval)
                    return;
                _checkpointed = Stopwatch.GetTimestamp();
                await checkpoint();
            })
            .WithInstanceName($"{Environment.ProcessId}-{Guid.NewGuid():N}")
            .WithStartTime(since)
            .WithMaxItems(1000)
            .WithPollInterval(TimeSpan.FromMilliseconds(50))
            .WithErrorNotification((token, e) =>
            {
                Console.Error.WriteLine($"Change feed of {container}, lease {token}: {e.Message}");
                return Task.CompletedTask;
            });
        _processor = (leases is null ? builder.WithInMemoryLeaseContainer() : builder.WithLeaseContainer(client.GetContainer(database, leases))).Build();
    }

    /// <summary>Starts a reader; its handler gets the bytes of each page and the time it was called.</summary>
    /// <param name="leases">The lease container; null keeps the leases in memory.</param>
    /// <param name="since">What was written before is left out, UTC; null reads from the beginning.</param>
    public static async Task<FeedReader> StartAsync(
        string endpoint, string database, string container, string? leases, string name, Func<ReadOnlyMemory<byte>, long, Task> handle,
        DateTime? since = null)
    {
        var reader = new FeedReader(
            CosmosAccount.ConnectReader(endpoint), database, container, leases, name, handle, since ?? DateTime.MinValue.ToUniversalTime());
        await reader._processor.StartAsync();
        return reader;
    }

    public async ValueTask DisposeAsync()
    {
        await _processor.StopAsync();
        _client.Dispose();
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream page)
    {
        if (page is MemoryStream memory && memory.TryGetBuffer(out var buffer))
            return buffer.AsMemory((int)memory.Position);
        var copy = new MemoryStream();
        page.CopyTo(copy);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
