using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>One page of a query or of a change feed. Its documents are gone once it is disposed.</summary>
public sealed class DocumentPage : IDisposable
{
    private readonly JsonDocument? _json;

    private DocumentPage(JsonDocument? json)
    {
        _json = json;
        Documents = json is null ? [] : [.. json.RootElement.GetProperty("Documents"u8).EnumerateArray()];
    }

    /// <summary>The raw documents.</summary>
    public IReadOnlyList<JsonElement> Documents { get; }

    /// <summary>True when a change feed has nothing more for now.</summary>
    public bool IsEnd => _json is null;

    /// <summary>Where the next page begins; null at the end of a query.</summary>
    public string? Continuation { get; private init; }

    /// <summary>What the page cost, in request units.</summary>
    public double RequestCharge { get; internal set; }

    /// <summary>Reads the page a change feed processor is handed.</summary>
    /// <param name="content">The page as the store sent it.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="JsonException">It is no page.</exception>
    public static async Task<DocumentPage> ReadAsync(Stream content, CancellationToken cancellationToken) =>
        new(await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken));

    /// <summary>Reads the page in an answer of the store.</summary>
    /// <param name="response">The answer; still the caller's to dispose.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CosmosException">The store refused.</exception>
    public static async Task<DocumentPage> ReadAsync(ResponseMessage response, CancellationToken cancellationToken)
    {
        var atEnd = response.StatusCode == HttpStatusCode.NotModified;
        if (!atEnd)
            response.EnsureSuccessStatusCode();
        var json = atEnd ? null : await JsonDocument.ParseAsync(response.Content, cancellationToken: cancellationToken);
        return new DocumentPage(json) { Continuation = response.ContinuationToken, RequestCharge = response.Headers.RequestCharge };
    }

    /// <inheritdoc/>
    public void Dispose() => _json?.Dispose();
}
