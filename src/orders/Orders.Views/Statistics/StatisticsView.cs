using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.ReadModels.Statistics;
using Orders.Views.Denormalisation;

namespace Orders.Views.Statistics;

/// <summary>
/// Counters over all orders. A document has no stream of its own: its version is how many increments are in it, and it is verified by
/// counting anew.
/// </summary>
internal sealed class StatisticsView : IView, ICountedView
{
    public string Name => ViewNames.Statistics;

    public IViewWriter CreateWriter(Container container, ReadStream readStream, IViewEnrichment? enrichment) => new StatisticsWriter(container, readStream);

    public DocumentFacts? Read(JsonElement document)
    {
        if (!document.TryGetProperty("counters"u8, out _))
            return null; // a mark
        return Facts(document.Deserialize(ReadModelsJson.Default.StatisticsDocument) ?? throw new JsonException("The document is null."));
    }

    // Nothing of its own for a stream: see Count.
    public object? Fold(object? state, RecordedEvent next) => null;

    public IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state) => [];

    public IViewCount BeginCount() => new StatisticsCount();

    internal static DocumentFacts Facts(StatisticsDocument document) => new(
        "", document.Version,
        ContentHash.Of(string.Join('\n', document.Counters.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"))));

    private sealed class StatisticsCount : IViewCount
    {
        private readonly Dictionary<ViewKey, (long Version, Dictionary<string, long> Counters)> _documents = [];

        public void Add(RecordedEvent first, RecordedEvent e)
        {
            var window = StatisticsDocument.WindowOf(e.StreamId, e.Meta.At);
            foreach (var counted in StatisticsCounting.Of(first, e))
            {
                var key = new ViewKey(window, counted.Id);
                var (version, counters) = _documents.TryGetValue(key, out var there) ? there : (0, []);
                foreach (var (counter, by) in counted.Increments)
                    counters[counter] = counters.GetValueOrDefault(counter) + by;
                _documents[key] = (version + StatisticsWriter.Patches(counted), counters);
            }
        }

        public IReadOnlyDictionary<ViewKey, DocumentFacts> Documents() => _documents.ToDictionary(
            d => d.Key, d => Facts(new StatisticsDocument(d.Key.Id, d.Key.PartitionKey, d.Value.Version, d.Value.Counters)));
    }
}
