using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels.Statistics;

namespace Orders.ReadModels.Statistics;

/// <summary>The counters of one window of time for one country or product, or for all.</summary>
/// <param name="From">When the window begins.</param>
/// <param name="Which">The country, or the product's SKU.</param>
/// <param name="What"><c>orders</c>, <c>shipped</c>, <c>failed</c>, <c>cancelled</c>, <c>quantity</c>, <c>revenue|USD</c>, <c>shipTimes|57</c>.</param>
/// <param name="Value">How many, or thousandths of the currency.</param>
public readonly record struct StatisticsCounter(DateTimeOffset From, string Which, string What, long Value);

/// <summary>Reads the view <c>statistics</c>: one query per hour and shard, each within a partition.</summary>
public sealed class StatisticsReader(OrdersDatabase database, ViewDirectory directory)
{
    private const int ParallelQueries = 16;

    private static readonly string[] ProductIds = [.. Enumerable.Range(0, StatisticsDocument.ProductDocuments).Select(StatisticsDocument.ProductId)];

    /// <summary>What was counted per country in the minutes from one time up to, and without, another.</summary>
    public Task<IReadOnlyList<StatisticsCounter>> MinutesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(from, to, hour => [.. Enumerable.Range(0, 60).Where(m => hour.AddMinutes(m + 1) > from && hour.AddMinutes(m) < to).Select(StatisticsDocument.MinuteId)], cancellationToken);

    /// <summary>What was counted per product in the hours that overlap a time.</summary>
    public Task<IReadOnlyList<StatisticsCounter>> ProductsAsync(DateTimeOffset from, DateTimeOffset to, string? sku, CancellationToken cancellationToken) =>
        ReadAsync(from, to, _ => sku is null ? ProductIds : [StatisticsDocument.ProductId(sku)], cancellationToken);

    private async Task<IReadOnlyList<StatisticsCounter>> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, string[]> ids, CancellationToken cancellationToken)
    {
        var versions = await directory.GetAsync(ViewNames.Statistics, cancellationToken);
        var container = database.View(ViewNames.Statistics, versions.Serving);
        var first = new DateTimeOffset(from.UtcDateTime.Date.AddHours(from.UtcDateTime.Hour), TimeSpan.Zero);
        var windows = new List<(DateTimeOffset Hour, string Window)>();
        for (var hour = first; hour < to; hour = hour.AddHours(1))
            windows.AddRange(StatisticsDocument.Windows(hour).Select(window => (hour, window)));

        var counters = new List<StatisticsCounter>();
        await Parallel.ForEachAsync(
            windows, new ParallelOptions { MaxDegreeOfParallelism = ParallelQueries, CancellationToken = cancellationToken },
            async (w, stop) =>
            {
                var found = await ReadAsync(container, w.Window, ids(w.Hour), stop);
                lock (counters)
                    counters.AddRange(found.SelectMany(document => Counters(w.Hour, document)));
            });
        return counters;
    }

    private static async Task<List<StatisticsDocument>> ReadAsync(Container container, string window, string[] ids, CancellationToken cancellationToken)
    {
        // The marks of counted events lie in the same partition; by their ids the documents are found without a look at those.
        var query = new QueryDefinition($"SELECT * FROM c WHERE c.id IN ({string.Join(", ", ids.Select(id => $"'{id}'"))})");
        var options = new QueryRequestOptions { PartitionKey = new PartitionKey(window), EnableOptimisticDirectExecution = true };
        return await container.QueryAsync(query, document => document.Deserialize(ReadModelsJson.Default.StatisticsDocument)!, options, cancellationToken);
    }

    private static IEnumerable<StatisticsCounter> Counters(DateTimeOffset hour, StatisticsDocument document)
    {
        var from = document.Id[0] == 'm' ? hour.AddMinutes(int.Parse(document.Id.AsSpan(1), CultureInfo.InvariantCulture)) : hour;
        foreach (var (name, value) in document.Counters)
        {
            // what|which or what|unit|which; only which may hold anything.
            var parts = name.Split('|', name.StartsWith("revenue|", StringComparison.Ordinal) || name.StartsWith("shipTimes|", StringComparison.Ordinal) ? 3 : 2);
            yield return new StatisticsCounter(from, parts[^1], string.Join('|', parts[..^1]), value);
        }
    }
}
