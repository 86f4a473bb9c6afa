using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.ReadModels.Statistics;

namespace Orders.Views.Statistics;

/// <summary>
/// Says that an event, or a part of what it counts for, is counted. It stays for ever, like the event: a service that begins anew because it
/// lost its leases is delivered everything again, however old.
/// </summary>
internal sealed record CountedMark(string Id, string Window)
{
    public static CountedMark Of(RecordedEvent e, string window, int part) => new(
        part == 0 ? FormattableString.Invariant($"{e.StreamId}:{e.Version}") : FormattableString.Invariant($"{e.StreamId}:{e.Version}:{part}"), window);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CountedMark))]
internal sealed partial class StatisticsJson : JsonSerializerContext;

/// <summary>
/// Counts an event exactly once: a mark with its name and its increments are one transaction within the window, and the mark can be made only
/// once. What a transaction has no room for is a part of its own with a mark of its own: of one event the parts are always the same.
/// Increments need no reading and do not conflict, so any number of instances count at the same time. What waits to be counted in one window
/// goes together; when one of it is counted already, each goes alone.
/// </summary>
internal sealed class StatisticsWriter(Container container, ReadStream readStream) : IViewWriter
{
    private const int MaxAttempts = 5;
    private const int IncrementsPerPatch = 9; // of the 10 the store takes; one is the version's
    private const int DocumentsPerPart = 90; // of the 100 operations the store takes; each is one patch, the mark is another
    private const int MaxQueues = 100;

    private readonly FirstEvents<RecordedEvent> _first = new(first => first, readStream);
    private readonly ConcurrentDictionary<string, CountQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>How often a document is patched for one event, which is what its version counts.</summary>
    public static int Patches(Counted counted) => (counted.Increments.Count + IncrementsPerPatch - 1) / IncrementsPerPatch;

    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
    {
        var counting = new List<Task>();
        foreach (var e in run)
        {
            if (StatisticsCounting.Of(await _first.OfAsync(e, cancellationToken), e) is not { Count: > 0 } counted)
                continue;
            var window = StatisticsDocument.WindowOf(e.StreamId, e.Meta.At);
            foreach (var (part, documents) in counted.Chunk(DocumentsPerPart).Index())
                counting.Add(QueueOf(window).CountAsync(new CountedPart(CountedMark.Of(e, window, part), documents)).WaitAsync(cancellationToken));
        }

        await Task.WhenAll(counting);
    }

    private CountQueue QueueOf(string window)
    {
        if (_queues.Count > MaxQueues) // hours that are over; a queue with work in it goes on without being found here
            _queues.Clear();
        return _queues.GetOrAdd(window, _ => new CountQueue(CountAsync));
    }

    private async Task CountAsync(IReadOnlyList<CountedPart> parts)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await Batch(parts).ExecuteAsync();
            if (answer.IsSuccessStatusCode)
                return;
            // A conflict is a mark's: the part is counted already, or one of the parts is.
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                await (parts.Count == 1 ? Task.CompletedTask : Task.WhenAll(parts.Select(part => CountAsync([part]))));
                return;
            }

            if (answer.StatusCode != HttpStatusCode.NotFound || attempt == MaxAttempts)
                throw new CosmosException(answer.ErrorMessage, answer.StatusCode, 0, answer.ActivityId, answer.RequestCharge);
            var window = parts[0].Mark.Window;
            await Task.WhenAll(parts.SelectMany(part => part.Documents).DistinctBy(c => c.Id).Select(c => CreateAsync(window, c, CancellationToken.None)));
        }
    }

    private TransactionalBatch Batch(IReadOnlyList<CountedPart> parts)
    {
        var batch = container.CreateTransactionalBatch(new PartitionKey(parts[0].Mark.Window));
        foreach (var part in parts)
            batch.CreateItemStream(
                new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(part.Mark, StatisticsJson.Default.CountedMark)),
                new() { EnableContentResponseOnWrite = false });
        foreach (var document in CountedPart.Sum(parts))
        {
            // The version says how many increments are in a document, in whatever company they came.
            foreach (var (i, some) in document.Increments.Chunk(IncrementsPerPatch).Index())
            {
                List<PatchOperation> operations = i == 0 ? [PatchOperation.Increment("/version", document.Patches)] : [];
                operations.AddRange(some.Select(increment => PatchOperation.Increment($"/counters/{Escape(increment.Counter)}", increment.By)));
                batch.PatchItem(document.Id, operations, new() { EnableContentResponseOnWrite = false });
            }
        }

        return batch;
    }

    private async Task CreateAsync(string window, Counted counted, CancellationToken cancellationToken)
    {
        var empty = new StatisticsDocument(counted.Id, window, 0, new Dictionary<string, long>(), counted.Sku);
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(empty, ReadModelsJson.Default.StatisticsDocument));
        using var answer = await container.CreateItemStreamAsync(
            body, new PartitionKey(window), new() { EnableContentResponseOnWrite = false }, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Conflict)
            answer.EnsureSuccessStatusCode();
    }

    // A path is a JSON pointer; a counter is named with a country or a currency, which have no slash.
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal);
}
