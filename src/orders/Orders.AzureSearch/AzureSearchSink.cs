using Azure;
using Azure.Search.Documents;
using Azure.Search.Documents.Indexes.Models;
using Azure.Search.Documents.Models;
using ChangeFeed.Sinks;
using Orders.SearchIndex;

namespace Orders.AzureSearch;

/// <summary>
/// Writes an index of Azure AI Search. The service cannot compare and write in one step: the versions that are there are read first, and what
/// is not newer is left out. An erased order keeps its version and nothing else.
/// </summary>
/// <param name="index">The index.</param>
public sealed class AzureSearchSink(SearchClient index) : ISink<SinkDocument<OrderEntry>>
{
    private const string Id = "id";
    private const string Version = "version";

    /// <summary>The index as this sink needs it.</summary>
    /// <param name="name">Its name.</param>
    public static Azure.Search.Documents.Indexes.Models.SearchIndex Definition(string name) => new(name)
    {
        Fields =
        [
            new SimpleField(Id, SearchFieldDataType.String) { IsKey = true, IsFilterable = true },
            new SimpleField(Version, SearchFieldDataType.Int64) { IsFilterable = true },
            new SimpleField("isErased", SearchFieldDataType.Boolean) { IsFilterable = true },
            new SimpleField("customerId", SearchFieldDataType.String) { IsFilterable = true },
            new SimpleField("tracking", SearchFieldDataType.String) { IsFilterable = true },
            new SimpleField("status", SearchFieldDataType.String) { IsFilterable = true, IsFacetable = true },
            new SimpleField("country", SearchFieldDataType.String) { IsFilterable = true, IsFacetable = true },
            new SimpleField("month", SearchFieldDataType.String) { IsFilterable = true, IsFacetable = true },
            new SimpleField("placedAt", SearchFieldDataType.DateTimeOffset) { IsFilterable = true, IsSortable = true },
            new SearchableField("texts", collection: true),
        ],
    };

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<SinkDocument<OrderEntry>> batch, CancellationToken cancellationToken)
    {
        try
        {
            var there = await VersionsAsync(batch, cancellationToken);
            var newer = batch.Where(document => document.Version > there.GetValueOrDefault(document.Key, -1)).ToList();
            if (newer.Count == 0)
                return;
            var written = await index.IndexDocumentsAsync(
                IndexDocumentsBatch.MergeOrUpload(newer.Select(Fields)), new IndexDocumentsOptions { ThrowOnAnyError = false }, cancellationToken);
            if (written.Value.Results.FirstOrDefault(result => !result.Succeeded) is { } failed)
                throw Failure(failed.Status, failed.ErrorMessage, null);
        }
        catch (RequestFailedException e)
        {
            throw Failure(e.Status, e.Message.Split('\n')[0].Trim(), e);
        }
    }

    private static Exception Failure(int status, string problem, Exception? inner) => status is 400 or 413
        ? new SinkRefusedException($"The search service refuses it ({status}): {problem}", inner)
        : new SinkUnavailableException($"The search service takes nothing ({status}): {problem}", inner);

    private static SearchDocument Fields(SinkDocument<OrderEntry> document) => new()
    {
        // All of them, so that nothing of an erased order stays.
        [Id] = document.Key,
        [Version] = document.Version,
        ["isErased"] = document.Document is null,
        ["customerId"] = document.Document?.CustomerId,
        ["tracking"] = document.Document?.Tracking,
        ["status"] = document.Document?.Status.ToString(),
        ["country"] = document.Document?.Country,
        ["month"] = document.Document?.Month,
        ["placedAt"] = document.Document?.PlacedAt,
        ["texts"] = document.Document?.Texts.ToArray() ?? [],
    };

    private async Task<Dictionary<string, long>> VersionsAsync(IReadOnlyList<SinkDocument<OrderEntry>> batch, CancellationToken cancellationToken)
    {
        var options = new SearchOptions
        {
            Filter = SearchFilter.Create($"search.in(id, {string.Join('|', batch.Select(document => document.Key))}, '|')"),
            Size = batch.Count,
            Select = { Id, Version },
        };
        var found = await index.SearchAsync<SearchDocument>("*", options, cancellationToken);
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var result in found.Value.GetResultsAsync().WithCancellation(cancellationToken))
            versions[result.Document.GetString(Id)] = result.Document.GetInt64(Version) ?? -1;
        return versions;
    }
}
