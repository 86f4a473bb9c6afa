using System.Text.Json;
using System.Globalization;
using ChangeFeed.Emulator.Engine.Feed;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Reads from the headers of a request what the engine is asked for.</summary>
internal static class CosmosRequestExtensions
{
    private const int MaxClientName = 64;

    /// <summary>The part of the container the headers name: a partition key, a partition, or an interval of keys.</summary>
    public static ReadTarget ReadTarget(this CosmosRequest request, Container container)
    {
        if (request.Header(Headers.PartitionKey) is { } json)
        {
            var key = PartitionKey.Parse(json, container.Definition.PartitionKey);
            var keyRange = EpkRange.Prefix(key.Effective);
            return new(container, [.. container.Partitions.Where(partition => partition.Range.Overlaps(keyRange))], keyRange, key);
        }

        var asked = new EpkRange(
            Bound(request, Headers.StartEpk) ?? EpkRange.Full.Min, Bound(request, Headers.EndEpk) ?? EpkRange.Full.Max);
        if (request.Header(Headers.PartitionKeyRangeId) is { } name)
        {
            var partition = container.PartitionNamed(name);
            return new(container, [partition], partition.Range.Intersect(asked), null);
        }
        return new(container, [.. container.Partitions.Where(partition => partition.Range.Overlaps(asked))], asked, null);
    }

    /// <summary>What a client keeps of where it has read; an answer of several partitions is none of theirs.</summary>
    public static void Session(this HttpResponse response, ReadTarget target, long lsn)
    {
        response.Session(target.Partition, lsn);
        if (target.Partitions.Count > 1)
            response.Headers.Remove(Headers.PartitionKeyRangeId);
    }

    /// <summary>What a request to a container asks for, in one word; <paramref name="rest"/> is its path behind the container.</summary>
    public static string Operation(this CosmosRequest request, string[] rest) => (request.Method, rest) switch
    {
        ("GET", ["docs"]) => request.Header(Headers.ChangeFeed) is null ? "list" : "feed",
        ("GET", ["docs", _]) => "read",
        ("PUT", ["docs", _]) => "replace",
        ("PATCH", ["docs", _]) => "patch",
        ("DELETE", ["docs", _]) => "delete",
        ("POST", ["docs"]) when request.Flag(Headers.IsBatch) => "batch",
        ("POST", ["docs"]) when request.Flag(Headers.IsUpsert) => "upsert",
        ("POST", ["docs"]) when request.IsQuery => request.Flag(Headers.IsQueryPlan) ? "plan" : "query",
        ("POST", ["docs"]) => "create",
        _ => "container",
    };

    /// <summary>
    /// What a client calls itself: the application name that Microsoft's .NET SDK adds to the user agent behind the last bar; of others the product.
    /// </summary>
    public static string ClientName(this CosmosRequest request)
    {
        var agent = request.Header("User-Agent") ?? "";
        var name = agent.Contains('|') ? agent[(agent.LastIndexOf('|') + 1)..] : agent.Split('/', ' ')[0];
        return name.Length <= MaxClientName ? name : name[..MaxClientName];
    }

    private static byte[]? Bound(CosmosRequest request, string header)
    {
        if (request.Header(header) is not { } hex)
            return null;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            throw CosmosErrorException.BadRequest($"{header} is '{hex}'; it must be an effective partition key in hexadecimal.");
        }
    }

    public static void CheckIfMatch(this CosmosRequest request, string etag)
    {
        if (request.Header("If-Match") is { } wanted && !Etag.Matches(wanted, etag))
            throw CosmosErrorException.PreconditionFailed($"The etag is {etag}, not {wanted}.");
    }

    /// <summary>Refuses a read that has to see more than there is: its session has seen data that was lost or is another's.</summary>
    public static void CheckSession(this CosmosRequest request, Partition partition)
    {
        if (request.Header(Headers.SessionToken) is not { } header || SessionToken.For(header, partition) is not { } seen)
            return;
        // Where it was written before a failover, the numbers of the token were all given before those of now.
        var epoch = request.Http.Features.Get<RegionSession>()?.Epoch ?? int.MaxValue;
        if (seen.Lsn > partition.Lsn || seen.Version > epoch)
            throw CosmosErrorException.NotFound(
                "The read session is not available for the input session token. "
                + $"Partition {partition.Name} is at {partition.Lsn}, the token at {seen.Lsn}.",
                SubStatus.ReadSessionNotAvailable);
    }

    /// <summary>Lists resources page by page; the continuation is the key of the last one.</summary>
    public static Task WriteResourcesAsync<T>(
        this CosmosRequest request, string rid, string name, IEnumerable<T> resources, Func<T, string> key, Action<Utf8JsonWriter, T> write)
    {
        var after = request.Header(Headers.Continuation) is { } text ? Uri.UnescapeDataString(text) : "";
        var size = request.MaxItemCount ?? int.MaxValue;
        var left = resources.Where(resource => string.CompareOrdinal(key(resource), after) > 0).ToList();
        var page = left.Take(size).ToList();
        var response = request.Http.Response;
        response.Charge(RequestCharge.Metadata);
        response.Headers[Headers.ItemCount] = page.Count.ToString(CultureInfo.InvariantCulture);
        if (page.Count < left.Count)
            response.Headers[Headers.Continuation] = Uri.EscapeDataString(key(page[^1]));
        return response.WriteBytesAsync(200, JsonBody.Feed(rid, name, page, write));
    }

    /// <summary>Where a change feed read begins: its continuation, or a time.</summary>
    public static ChangeFeedStart ChangeFeedStart(this CosmosRequest request)
    {
        if (request.Header("If-None-Match") is { } continuation)
        {
            var text = continuation.AsSpan().Trim().Trim('"');
            if (text is "*")
                return new(null, true, null);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lsn)
                ? new(lsn, false, null)
                : throw CosmosErrorException.BadRequest($"The continuation '{continuation}' is not one of this endpoint's change feeds.");
        }

        if (request.Header("If-Modified-Since") is not { } since)
            return default;
        return DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new(null, false, time.ToUnixTimeSeconds())
            : throw CosmosErrorException.BadRequest(
                $"If-Modified-Since is '{since}'; it must be a date such as 'Fri, 20 Nov 2026 10:00:00 GMT'.");
    }
}
