using System.Runtime.CompilerServices;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Comparison;

/// <summary>A document of a view as a scan finds it.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Facts">What it says; null when it cannot be read as a document of the view.</param>
/// <param name="Problem">Why it cannot be read.</param>
public sealed record ScannedDocument(ViewKey Key, DocumentFacts? Facts, string? Problem = null);

/// <summary>Reads all documents of one version of a view, page by page, or single ones.</summary>
public sealed class ViewScan(IView view, Container container)
{
    private string? _partitionKey;

    /// <summary>The documents of a range.</summary>
    public async IAsyncEnumerable<ScannedDocument> ReadAsync(FeedRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = await PartitionKeyAsync(cancellationToken);
        using var pages = container.GetItemQueryStreamIterator(
            range, new QueryDefinition("SELECT * FROM c"), null, requestOptions: new QueryRequestOptions { MaxItemCount = 1000 });
        await foreach (var page in pages.ReadPagesAsync(cancellationToken))
        {
            foreach (var document in page.Documents)
            {
                if (Read(document, path) is { } found)
                    yield return found;
            }
        }
    }

    /// <summary>One document; null when it is not there.</summary>
    public async Task<ScannedDocument?> ReadAsync(ViewKey key, CancellationToken cancellationToken)
    {
        var path = await PartitionKeyAsync(cancellationToken);
        using var document = await container.FindAsync(key.Id, key.PartitionKey, cancellationToken);
        return document is null ? null : Read(document.RootElement, path);
    }

    private ScannedDocument? Read(JsonElement document, string path)
    {
        var key = new ViewKey(document.GetProperty(path).GetString()!, document.GetProperty("id"u8).GetString()!);
        try
        {
            return view.Read(document) is { } facts ? new ScannedDocument(key, facts) : null;
        }
        catch (JsonException e)
        {
            return new ScannedDocument(key, null, e.Message);
        }
    }

    private async ValueTask<string> PartitionKeyAsync(CancellationToken cancellationToken) =>
        _partitionKey ??= (await container.ReadContainerAsync(cancellationToken: cancellationToken)).Resource.PartitionKeyPath.TrimStart('/');
}
