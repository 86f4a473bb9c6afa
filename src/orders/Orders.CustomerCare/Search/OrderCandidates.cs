using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.CustomerCare.Search;

/// <summary>An order that may be meant.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="At">When it was placed, or when what was looked for happened to it.</param>
/// <param name="Order">How it stands; null where that has to be looked up.</param>
internal sealed record Candidate(string OrderId, DateTimeOffset At, OrderStatusDocument? Order);

/// <summary>Candidates, the latest first, and where to go on after them; null at the end.</summary>
internal sealed record CandidatePage(IReadOnlyList<Candidate> Candidates, PagePosition? Next, double RequestCharge);

/// <summary>Asks several sources side by side and merges what they give.</summary>
internal sealed class OrderCandidates(ViewReader views, IndexCandidates index)
{
    public async Task<CandidatePage> FindAsync(
        IReadOnlyList<CandidateSource> sources, SearchQuery query, PagePosition? after, int wanted, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(sources.Select(source => AskAsync(source, query, after, wanted + 1, cancellationToken)));
        var charge = answers.Sum(answer => answer.Charge);
        // Below where the first of them was cut off, the others do not tell the whole story.
        var cut = answers.Where(answer => answer.Found.Count > wanted).ToList();
        var floor = cut.Count == 0 ? DateTimeOffset.MinValue : cut.Max(answer => answer.Found[^1].At);
        var merged = answers.SelectMany(answer => answer.Found)
            .Where(candidate => candidate.At >= floor)
            .GroupBy(candidate => candidate.OrderId)
            .Select(same => same.MaxBy(candidate => candidate.Order is not null)!)
            .OrderByDescending(candidate => candidate.At)
            .ToList();
        var page = merged.Take(wanted).ToList();
        var more = cut.Count > 0 || merged.Count > wanted;
        return new CandidatePage(page, more ? PagePosition.After(after, [.. page.Select(c => (c.OrderId, c.At))]) : null, charge);
    }

    private async Task<(List<Candidate> Found, double Charge)> AskAsync(
        CandidateSource source, SearchQuery query, PagePosition? after, int most, CancellationToken cancellationToken)
    {
        if (source == CandidateSource.Index)
            return (await index.FindAsync(query, after, most, cancellationToken), 0);
        var container = await views.ServingAsync(source.View, cancellationToken);
        using var pages = container.GetItemQueryStreamIterator(Definition(source, query, after, most), requestOptions: new QueryRequestOptions
        {
            PartitionKey = source.Partition is { } key ? new PartitionKey(key) : null,
            MaxItemCount = most,
        });
        var (found, charge) = (new List<Candidate>(), 0d);
        await foreach (var page in pages.ReadPagesAsync(cancellationToken))
        {
            charge += page.RequestCharge;
            found.AddRange(page.Documents.Select(document => Read(source, document)));
        }

        return (found, charge);
    }

    private static Candidate Read(CandidateSource source, JsonElement document)
    {
        if (source.HasOrders)
            return document.Deserialize(ReadModelsJson.Default.OrderStatusDocument) is { } order
                ? new Candidate(order.Id, order.PlacedAt, order) : throw new JsonException("The document is null.");
        var term = document.Deserialize(ReadModelsJson.Default.SearchDocument) ?? throw new JsonException("The document is null.");
        return new Candidate(term.OrderId, term.PlacedAt, null);
    }

    private static QueryDefinition Definition(CandidateSource source, SearchQuery query, PagePosition? after, int most)
    {
        List<string> conditions = ["true"];
        var parameters = new Dictionary<string, object>();
        void Where(string condition, string name, object? value)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            parameters[name] = value;
        }

        Where("c.placedAt >= @from", "@from", query.From);
        Where("c.placedAt < @to", "@to", query.To);
        Where("c.placedAt <= @last", "@last", after?.At);
        Where($"NOT ARRAY_CONTAINS(@delivered, c.{(source.HasOrders ? "id" : "orderId")})", "@delivered", after?.Delivered);
        foreach (var (word, i) in source.Words.Select((word, i) => (word, i)))
            Where($"ARRAY_CONTAINS(c.words, @word{i})", $"@word{i}", word);
        if (source.HasOrders)
        {
            Where("c.status = @status", "@status", query.Status?.ToString());
            Where("c.customerId = @customer", "@customer", query.Customer);
        }

        var definition = new QueryDefinition($"SELECT TOP {most} * FROM c WHERE {string.Join(" AND ", conditions)} ORDER BY c.placedAt DESC");
        return parameters.Aggregate(definition, (text, parameter) => text.WithParameter(parameter.Key, parameter.Value));
    }
}
