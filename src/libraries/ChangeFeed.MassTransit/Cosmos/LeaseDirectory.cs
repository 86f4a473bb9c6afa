using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>A lease as it is stored.</summary>
/// <param name="Id">Its id, and its partition key.</param>
/// <param name="Token">Names the partition.</param>
/// <param name="Range">The range of the partition, as <see cref="FeedRange.FromJsonString"/> takes it.</param>
/// <param name="Owner">The instance that owns it; null when nobody does.</param>
/// <param name="Continuation">How far it is checkpointed; null before the first checkpoint.</param>
/// <param name="Timestamp">When it was last renewed or checkpointed, UTC, by the clock of its owner.</param>
internal sealed record LeaseInfo(string Id, string Token, string Range, string? Owner, string? Continuation, DateTimeOffset Timestamp);

/// <summary>Reads the leases of one endpoint, about 3 request units a time.</summary>
internal sealed class LeaseDirectory(string endpoint, Container monitored, Container leases)
{
    private string? _prefix;

    public async Task<IReadOnlyList<LeaseInfo>> ReadAsync(CancellationToken cancellationToken)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix)")
            .WithParameter("@prefix", await PrefixAsync(cancellationToken) + "..");
        return await leases.QueryAsync(query, Read, cancellationToken: cancellationToken);
    }

    /// <summary>What every id of a lease on a container has behind its prefix: a container that was deleted and made again has another one.</summary>
    public static async Task<string> MarkAsync(Container monitored, CancellationToken cancellationToken)
    {
        var properties = await monitored.ReadContainerAsync(cancellationToken: cancellationToken);
        var link = properties.Resource.SelfLink.Trim('/').Split('/'); // dbs/DB/colls/CONTAINER
        return $"{monitored.Database.Client.Endpoint.Host}_{link[1]}_{link[3]}";
    }

    // The form the SDK gives its lease ids.
    private async Task<string> PrefixAsync(CancellationToken cancellationToken) =>
        _prefix ??= $"{endpoint}:{await MarkAsync(monitored, cancellationToken)}";

    private static LeaseInfo Read(JsonElement lease) => new(
        lease.GetProperty("id"u8).GetString()!,
        lease.GetProperty("LeaseToken"u8).GetString()!,
        lease.GetProperty("FeedRange"u8).GetRawText(),
        Text(lease, "Owner"),
        Text(lease, "ContinuationToken"),
        Text(lease, "timestamp") is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var timestamp)
            ? timestamp : DateTimeOffset.MinValue);

    private static string? Text(JsonElement lease, string name) =>
        lease.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
