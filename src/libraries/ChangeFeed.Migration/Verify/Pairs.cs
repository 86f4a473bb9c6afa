using System.Net;
using System.Text.Json.Nodes;
using ChangeFeed.Migration.Copy;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Verify;

/// <summary>Compares one document with what the other side has of it. Both are read anew each time, so looking again sees what was written meanwhile.</summary>
/// <param name="work">The sides.</param>
internal sealed class Pairs(RangeWork work)
{
    /// <summary>What is wrong with what the target has of a document of the source; null for nothing.</summary>
    public async Task<string?> OfSourceAsync(JsonObject seen, CancellationToken cancellationToken)
    {
        var key = work.SourceSide.Keys.KeyOf(seen);
        // As it is now: it may have been replaced or deleted since it was seen.
        if (await ReadAsync(work.SourceSide, key, cancellationToken) is not { } document)
            return await GoneAsync(seen, key, cancellationToken);
        foreach (var (expected, hash) in work.Transfer.Expected(document))
        {
            var there = await ReadAsync(work.TargetSide, expected, cancellationToken);
            if (there is null || DocumentStamp.Of(there) is { Deleted: true })
                return $"{key.ToJsonString()}: the target lacks {expected.ToJsonString()}";
            if (DocumentContent.Hash(there) == hash)
                continue;
            var stamp = DocumentStamp.OfCarried(there, work.Plan.Key);
            return stamp?.ETag == (string?)document["_etag"]
                ? $"{key.ToJsonString()}: different content at the same version in {expected.ToJsonString()}"
                : $"{key.ToJsonString()}: another version in {expected.ToJsonString()}";
        }

        return null;
    }

    /// <summary>What is wrong with a document of the target being there; null for nothing.</summary>
    public async Task<string?> OfTargetAsync(JsonObject seen, CancellationToken cancellationToken)
    {
        var key = work.TargetSide.Keys.KeyOf(seen);
        if (await ReadAsync(work.TargetSide, key, cancellationToken) is not { } document || DocumentStamp.Of(document) is { Deleted: true })
            return null;
        var stamp = DocumentStamp.Of(document);
        if (stamp is { } carried && carried.Plan == work.Plan.Key && carried.Generation == work.Plan.Generation)
        {
            var origin = await ReadAsync(work.SourceSide, carried.Key, cancellationToken);
            return origin is not null && work.Transfer.Expected(origin).Any(e => JsonNode.DeepEquals(e.Key, key))
                ? null
                : $"{key.ToJsonString()}: only the target has it; it came from {carried.Key.ToJsonString()}";
        }

        if (work.Plan.IsFirst)
            return $"{key.ToJsonString()}: only the target has it, and it was not carried there";
        // It is from when this side served: what it became is on the other side.
        foreach (var (origin, _) in work.Transfer.Origins(document))
        {
            if (await ReadAsync(work.SourceSide, origin, cancellationToken) is null)
                return $"{key.ToJsonString()}: only the target has it";
        }

        return null;
    }

    private async Task<string?> GoneAsync(JsonObject seen, JsonArray key, CancellationToken cancellationToken)
    {
        foreach (var (expected, _) in work.Transfer.Expected(seen))
        {
            var there = await ReadAsync(work.TargetSide, expected, cancellationToken);
            if (there is not null && DocumentStamp.Of(there) is not { Deleted: true })
                return $"{key.ToJsonString()}: gone, but the target has {expected.ToJsonString()}";
        }

        return null;
    }

    private async Task<JsonObject?> ReadAsync(Side side, JsonArray key, CancellationToken cancellationToken)
    {
        using var response = await work.Budget.SendAsync(
            () => side.Container.ReadItemStreamAsync(KeyPaths.IdOf(key), KeyPaths.PartitionOf(key), cancellationToken: cancellationToken),
            cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return (await JsonNode.ParseAsync(response.Content, cancellationToken: cancellationToken))!.AsObject();
    }
}
