using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Goes into <see cref="CosmosClientOptions.CustomHandlers"/> of the client that owns the lease container. Every processor looks for leases all day,
/// with a query of its own: in a process of many endpoints these become one, and each is given what it asked for.
/// <para>
/// What a processor is given may be so old. It takes a lease only if nobody has written it since, so that costs it at most an attempt. What this client
/// itself makes, deletes or takes is not missed: the next one who looks asks the store.
/// </para>
/// <para>Where the lease container has several physical partitions, or more leases than a page, each asks for itself.</para>
/// </summary>
/// <param name="maxAge">How old what is given may be; a part of <see cref="ChangeFeedOptions.LeaseAcquireInterval"/>, by which a takeover is later.</param>
/// <param name="time">The clock.</param>
public sealed class SharedLeaseQueries(TimeSpan maxAge, TimeProvider time) : RequestHandler
{
    private const string QueryType = "application/query+json";
    private const string Correlation = "x-ms-cosmos-correlated-activityid"; // the same for all requests of a query

    private readonly ConcurrentDictionary<string, LeaseContainer> _containers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (LeaseQuery.Read(request) is not { } query)
            return await OtherAsync(request, cancellationToken);

        var container = _containers.GetOrAdd(request.RequestUri.OriginalString, _ => new LeaseContainer(maxAge, time));
        if (request.Headers[Correlation] is not { } correlation || request.Headers.ContinuationToken is not null
            || !container.IsShared(query.Prefix, correlation))
            return await base.SendAsync(request, cancellationToken);

        ResponseMessage? asked = null;
        var found = await container.Read.GetAsync(
            async stop =>
            {
                var prefixes = container.Prefixes;
                request.Content = LeaseQuery.BodyOf(prefixes);
                request.Headers.Set("x-ms-cosmos-supported-serialization-formats", "JsonText");
                asked = await base.SendAsync(request, stop);
                if (!asked.IsSuccessStatusCode)
                    return null;
                if (asked.Headers.ContinuationToken is null)
                    return await FoundLeases.ReadAsync(asked.Content, stop);
                container.Divide();
                await asked.Content.DisposeAsync(); // its answer would take the request with it
                request.Content = query.Body();
                asked = await base.SendAsync(request, stop);
                return null;
            },
            cancellationToken);
        if (found is null)
            return asked!;
        asked ??= new ResponseMessage(HttpStatusCode.OK, request);
        asked.Content = found.Of(query.Prefix);
        return asked;
    }

    private async Task<ResponseMessage> OtherAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri.OriginalString;
        var container = _containers.FirstOrDefault(known => address.StartsWith(known.Key, StringComparison.Ordinal)).Value;
        var changes = container?.ChangesOwners(request) is true;
        var response = await base.SendAsync(request, cancellationToken);
        if (changes)
            container!.Read.Forget();
        return response;
    }

    /// <summary>The query a processor looks for leases with.</summary>
    private sealed record LeaseQuery(string Prefix, byte[] Text)
    {
        private const string Start = LeaseQueryPlanHandler.LeaseQueryStart;
        private const string End = "')";

        /// <summary>Null for any other request, and for the question how the query is to be run.</summary>
        public static LeaseQuery? Read(RequestMessage request)
        {
            if (request.Headers.ContentType != QueryType || request.Headers[LeaseQueryPlanHandler.PlanHeader] is not null
                || request.Peek() is not { } text)
                return null;
            if (!LeaseQueryPlanHandler.IsLeaseQuery(text))
                return null;
            using var json = JsonDocument.Parse(text);
            var query = json.RootElement.TryGetProperty("query"u8, out var q) ? q.GetString() : null;
            return query is not null && query.StartsWith(Start, StringComparison.Ordinal) && query.IndexOf('\'', Start.Length) == query.Length - End.Length
                ? new LeaseQuery(query[Start.Length..^End.Length], text)
                : null;
        }

        public static MemoryStream BodyOf(IEnumerable<string> prefixes)
        {
            var any = string.Join(" OR ", prefixes.Select(prefix => $"STARTSWITH(c.id, '{prefix}{End}"));
            return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["query"] = $"SELECT * FROM c WHERE {any}" }));
        }

        public MemoryStream Body() => new(Text, writable: false);
    }

    /// <summary>A container of leases, and who asks for those of it.</summary>
    private sealed class LeaseContainer(TimeSpan maxAge, TimeProvider time)
    {
        private const int Remembered = 1000;

        private readonly Lock _lock = new();
        private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);
        private readonly HashSet<string> _queries = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();
        private readonly Dictionary<string, string?> _owners = new(StringComparer.Ordinal);
        private bool _divided;

        public SharedRead<FoundLeases> Read { get; } = new(maxAge, time);

        public IReadOnlyList<string> Prefixes
        {
            get
            {
                lock (_lock)
                    return [.. _prefixes];
            }
        }

        /// <summary>Whether a request of a query is to be shared. A second one of the same query is for another physical partition.</summary>
        public bool IsShared(string prefix, string query)
        {
            lock (_lock)
            {
                if (_divided)
                    return false;
                if (!_queries.Add(query))
                    return !(_divided = true);
                _order.Enqueue(query);
                if (_order.Count > Remembered)
                    _queries.Remove(_order.Dequeue());
                if (_prefixes.Add(prefix))
                    Read.Forget();
                return _prefixes.Count > 1;
            }
        }

        /// <summary>Whether after a request other leases are there, or others own them: all but reads, renewals and checkpoints.</summary>
        public bool ChangesOwners(RequestMessage request)
        {
            if (request.Method == HttpMethod.Get || request.Headers.ContentType == QueryType)
                return false;
            if (request.Method != HttpMethod.Put || LeaseWrite.Read(request) is not { } write)
                return true;
            lock (_lock)
            {
                var before = _owners.TryGetValue(request.RequestUri.OriginalString, out var owner) ? owner : null;
                _owners[request.RequestUri.OriginalString] = write.Owner;
                return write.Owner is null || write.Owner != before;
            }
        }

        public void Divide()
        {
            lock (_lock)
                _divided = true;
        }
    }

    /// <summary>The leases of all endpoints of this process.</summary>
    private sealed class FoundLeases(string resource, IReadOnlyList<(string Id, string Json)> leases)
    {
        public static async Task<FoundLeases> ReadAsync(Stream content, CancellationToken cancellationToken)
        {
            using var json = await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken);
            return new FoundLeases(
                json.RootElement.GetProperty("_rid"u8).GetRawText(),
                [.. json.RootElement.GetProperty("Documents"u8).EnumerateArray()
                    .Select(lease => (lease.GetProperty("id"u8).GetString()!, lease.GetRawText()))]);
        }

        /// <summary>The answer one of them would have got.</summary>
        public MemoryStream Of(string prefix)
        {
            var own = leases.Where(lease => lease.Id.StartsWith(prefix, StringComparison.Ordinal)).Select(lease => lease.Json).ToList();
            return new MemoryStream(Encoding.UTF8.GetBytes($$"""{"_rid":{{resource}},"Documents":[{{string.Join(',', own)}}],"_count":{{own.Count}}}"""));
        }
    }
}
