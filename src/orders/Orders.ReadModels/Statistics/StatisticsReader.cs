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

/// <summary>The counters of products, and whether those of all products are there.</summary>
/// <param name="Counters">The counters.</param>
/// <param name="IsComplete">False when a window has more products than are read of one; then only the most ordered of it are there.</param>
public sealed record ProductCounters(IReadOnlyList<StatisticsCounter> Counters, bool IsComplete);

/// <summary>Reads the view <c>statistics</c>: one query per hour and shard, each within a partition.</summary>
public sealed class StatisticsReader(OrdersDatabase database, ViewDirectory directory)
{
    private const int ParallelQueries = 16;

    /// <summary>Products read of an hour and shard: those of which most pieces were ordered. About 100 request units.</summary>
    public const int MaxProducts = 1000;

    /// <summary>What was counted per country in the minutes from one time up to, and without, another.</summary>
    public async Task<IReadOnlyList<StatisticsCounter>> MinutesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var documents = await ReadAsync(from, to, hour => ByIds(Enumerable.Range(0, 60)
            .Where(m => hour.AddMinutes(m + 1) > from && hour.AddMinutes(m) < to)
            .SelectMany(StatisticsDocument.MinuteIds)), cancellationToken);
        return [.. documents.SelectMany(d => Counters(d.Hour, d.Document))];
    }

    /// <summary>What was counted of a product in the hours that overlap a time.</summary>
    public async Task<IReadOnlyList<StatisticsCounter>> ProductAsync(DateTimeOffset from, DateTimeOffset to, string sku, CancellationToken cancellationToken)
    {
        var documents = await ReadAsync(from, to, _ => ByIds([StatisticsDocument.ProductId(sku)]), cancellationToken);
        return [.. documents.SelectMany(d => Counters(d.Hour, d.Document))];
    }

    /// <summary>What was counted per product in the hours that overlap a time.</summary>
    /// <param name="from">When the first hour begins.</param>
    /// <param name="to">When the last one has ended.</param>
    /// <param name="most">Products read of each hour and shard.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<ProductCounters> ProductsAsync(DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        // By an order, so that of too many the right ones are read.
        var query = new QueryDefinition($"SELECT TOP {most + 1} * FROM c WHERE IS_DEFINED(c.sku) ORDER BY c.counters.quantity DESC");
        var documents = await ReadAsync(from, to, _ => query, cancellationToken);
        var windows = documents.GroupBy(d => d.Document.Window).ToList();
        var read = windows.SelectMany(window => window.OrderByDescending(d => d.Document.Counters.GetValueOrDefault("quantity")).Take(most));
        return new ProductCounters([.. read.SelectMany(d => Counters(d.Hour, d.Document))], windows.TrueForAll(window => window.Count() <= most));
    }

    /// <summary>The marks of counted events lie in the same partition; by their ids the documents are found without a look at those.</summary>
    private static QueryDefinition ByIds(IEnumerable<string> ids)
    {
        var named = ids.Select((id, i) => (Id: id, Name: $"@id{i}")).ToList();
        return named.Aggregate(
            new QueryDefinition($"SELECT * FROM c WHERE c.id IN ({string.Join(", ", named.Select(n => n.Name))})"),
            (query, n) => query.WithParameter(n.Name, n.Id));
    }

    private async Task<List<(DateTimeOffset Hour, StatisticsDocument Document)>> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, QueryDefinition> query, CancellationToken cancellationToken)
    {
        var versions = await directory.GetAsync(ViewNames.Statistics, cancellationToken);
        var container = database.View(ViewNames.Statistics, versions.Serving);
        var first = new DateTimeOffset(from.UtcDateTime.Date.AddHours(from.UtcDateTime.Hour), TimeSpan.Zero);
        var windows = new List<(DateTimeOffset Hour, string Window)>();
        for (var hour = first; hour < to; hour = hour.AddHours(1))
            windows.AddRange(StatisticsDocument.Windows(hour).Select(window => (hour, window)));

        var documents = new List<(DateTimeOffset, StatisticsDocument)>();
        await Parallel.ForEachAsync(
            windows, new ParallelOptions { MaxDegreeOfParallelism = ParallelQueries, CancellationToken = cancellationToken },
            async (w, stop) =>
            {
                var options = new QueryRequestOptions { PartitionKey = new PartitionKey(w.Window), EnableOptimisticDirectExecution = true };
                var found = await container.QueryAsync(
                    query(w.Hour), document => document.Deserialize(ReadModelsJson.Default.StatisticsDocument)!, options, stop);
                lock (documents)
                    documents.AddRange(found.Select(document => (w.Hour, document)));
            });
        return documents;
    }

    private static IEnumerable<StatisticsCounter> Counters(DateTimeOffset hour, StatisticsDocument document)
    {
        if (document.Sku is { } sku)
            return document.Counters.Select(counter => new StatisticsCounter(hour, sku, counter.Key, counter.Value));
        // what|which or what|unit|which
        var from = hour.AddMinutes(int.Parse(document.Id.AsSpan(1), CultureInfo.InvariantCulture));
        return document.Counters.Select(counter => counter.Key.LastIndexOf('|') is var bar and > 0
            ? new StatisticsCounter(from, counter.Key[(bar + 1)..], counter.Key[..bar], counter.Value)
            : new StatisticsCounter(from, "", counter.Key, counter.Value));
    }
}
