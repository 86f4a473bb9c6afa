using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>Reads queries and change feeds as raw documents, page by page.</summary>
public static class Queries
{
    /// <summary>The next page.</summary>
    /// <param name="pages">A query or a change feed.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async Task<DocumentPage> ReadPageAsync(this FeedIterator pages, CancellationToken cancellationToken)
    {
        using var response = await pages.ReadNextAsync(cancellationToken);
        return await DocumentPage.ReadAsync(response, cancellationToken);
    }

    /// <summary>All pages of a query. A page is gone when the next one is asked for.</summary>
    /// <param name="pages">The query.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async IAsyncEnumerable<DocumentPage> ReadPagesAsync(
        this FeedIterator pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadPageAsync(cancellationToken);
            yield return page;
        }
    }

    /// <summary>The documents that match, as they come. Each is gone when the next one is asked for: read or clone it before.</summary>
    /// <param name="container">Where they are.</param>
    /// <param name="query">Which.</param>
    /// <param name="options">The partition, where it is known, and the like.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async IAsyncEnumerable<JsonElement> QueryAsync(
        this Container container, QueryDefinition query, QueryRequestOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pages = container.GetItemQueryStreamIterator(query, requestOptions: options);
        await foreach (var page in pages.ReadPagesAsync(cancellationToken))
            foreach (var document in page.Documents)
                yield return document;
    }

    /// <summary>All that match.</summary>
    /// <typeparam name="T">What is made of a document.</typeparam>
    /// <param name="container">Where they are.</param>
    /// <param name="query">Which.</param>
    /// <param name="read">Makes something of a document that does not need it any more.</param>
    /// <param name="options">The partition, where it is known, and the like.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async Task<List<T>> QueryAsync<T>(
        this Container container, QueryDefinition query, Func<JsonElement, T> read, QueryRequestOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var found = new List<T>();
        await foreach (var document in container.QueryAsync(query, options, cancellationToken))
            found.Add(read(document));
        return found;
    }
}
