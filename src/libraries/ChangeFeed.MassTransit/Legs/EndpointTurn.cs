using System.Text.Json.Serialization;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Legs;

/// <summary>The turn an endpoint is in, all instances of it: a document beside its leases.</summary>
/// <param name="Id">Its id, and its partition key.</param>
/// <param name="Turn">The turn.</param>
internal sealed record EndpointTurn(string Id, long Turn);

/// <summary>Reads and moves on the turn of an endpoint.</summary>
internal sealed class EndpointTurns(string endpoint, Container leases)
{
    /// <summary>The turn; the first where none was noted. One request unit.</summary>
    public async Task<(long Turn, string? ETag)> ReadAsync(FeedRoute route, CancellationToken cancellationToken) =>
        await FindAsync(route, cancellationToken) ?? (1, null);

    /// <summary>The turn it is in, or begins in: where there is no way back, who never came by begins with what there is.</summary>
    public async Task<long> CurrentAsync(FeedRoute route, CancellationToken cancellationToken) => route.Name.Length == 0
        ? route.Turn // it stays where it is
        : (await FindAsync(route, cancellationToken))?.Turn ?? (route.Former is null ? route.Turn : 1);

    /// <summary>Notes a turn.</summary>
    /// <returns>False where another instance was faster.</returns>
    public async Task<bool> TryWriteAsync(FeedRoute route, long turn, string? etag, CancellationToken cancellationToken)
    {
        var id = IdOf(route);
        return await leases.TryWriteAsync(id, id, new EndpointTurn(id, turn), etag, TurnJson.Default.EndpointTurn, cancellationToken) is not null;
    }

    // Null where none was noted: the endpoint never left the first, or is new.
    private async Task<(long Turn, string? ETag)?> FindAsync(FeedRoute route, CancellationToken cancellationToken)
    {
        var id = IdOf(route);
        return await leases.FindAsync(id, id, TurnJson.Default.EndpointTurn, cancellationToken) is var (known, etag) ? (known.Turn, etag) : null;
    }

    // No endpoint has an "@" in its name.
    private string IdOf(FeedRoute route) => $"{endpoint}@{route.Name}.turn";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EndpointTurn))]
internal sealed partial class TurnJson : JsonSerializerContext;
