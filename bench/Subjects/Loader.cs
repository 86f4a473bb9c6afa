using Bench.Harness;
using Microsoft.Azure.Cosmos;

namespace Bench.Subjects;

/// <summary>Fills a container with streams of events.</summary>
internal static class Loader
{
    /// <summary>Events of one stream; one transactional batch writes them.</summary>
    public const int EventsPerStream = 20;

    private const int Callers = 8;

    public static string StreamId(int n) => $"s-{n}";

    /// <summary>Writes so many events, or as many as fit into the time.</summary>
    /// <returns>How many streams are complete.</returns>
    public static async Task<int> FillAsync(Container container, int events, TimeSpan atMost, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(atMost);
        var streams = events / EventsPerStream;
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!late.IsCancellationRequested && Claim() is { } n)
                await WriteStreamAsync(container, StreamId(n), stop);
        }, stop)));
        return Math.Min(streams, next + 1);

        int? Claim() => Interlocked.Increment(ref next) is var n && n < streams ? n : Undo();

        int? Undo()
        {
            Interlocked.Decrement(ref next);
            return null;
        }
    }

    /// <summary>The same with single creates, for an endpoint that knows no batches.</summary>
    public static Task FillOneByOneAsync(IEventWriter writer, int events, CancellationToken stop)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, 4 * Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < events)
                await writer.WriteAsync(StreamId(n / EventsPerStream), n % EventsPerStream);
        }, stop)));
    }

    private static async Task WriteStreamAsync(Container container, string streamId, CancellationToken stop)
    {
        var batch = container.CreateTransactionalBatch(new PartitionKey(streamId));
        for (var version = 0; version < EventsPerStream; version++)
            batch.CreateItemStream(new MemoryStream(BenchEvent.Write(streamId, version)), new() { EnableContentResponseOnWrite = false });
        using var answer = await batch.ExecuteAsync(stop);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"Loading failed with {(int)answer.StatusCode} {answer.StatusCode}: {answer.ErrorMessage}");
    }
}
