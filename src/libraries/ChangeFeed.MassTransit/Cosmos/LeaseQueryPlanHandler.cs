using System.Collections.Concurrent;
using System.Text;
using ChangeFeed.MassTransit.Cosmos;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Goes into <see cref="CosmosClientOptions.CustomHandlers"/> of the client that owns the lease container. A processor looks for leases all day with
/// one query, and asks each time how that query is to be run: it is told what the store answered the first time.
/// </summary>
public sealed class LeaseQueryPlanHandler : RequestHandler
{
    internal const string PlanHeader = "x-ms-cosmos-is-query-plan-request";
    private const int MaxPlans = 200; // a query for each processor

    /// <summary>How the query begins, up to the prefix of the ids.</summary>
    internal const string LeaseQueryStart = "SELECT * FROM c WHERE STARTSWITH(c.id, '";

    private static readonly byte[] LeaseQuery = Encoding.UTF8.GetBytes(LeaseQueryStart);

    private readonly ConcurrentDictionary<string, byte[]> _plans = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers[PlanHeader] is null || QueryOf(request) is not { } query)
            return await base.SendAsync(request, cancellationToken);

        if (_plans.TryGetValue(query, out var plan))
            return new ResponseMessage(System.Net.HttpStatusCode.OK, request) { Content = new MemoryStream(plan, writable: false) };
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode || response.Content is not { } content)
            return response;
        var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        if (_plans.Count < MaxPlans)
            _plans[query] = copy.ToArray();
        await content.DisposeAsync();
        copy.Position = 0;
        response.Content = copy;
        return response;
    }

    /// <summary>Whether the body of a request has the query in it.</summary>
    internal static bool IsLeaseQuery(ReadOnlySpan<byte> body) => body.IndexOf(LeaseQuery) >= 0;

    /// <summary>Address and text of a query of leases; null of any other.</summary>
    private static string? QueryOf(RequestMessage request) =>
        request.Peek() is { } text && IsLeaseQuery(text) ? $"{request.RequestUri.OriginalString}\n{Encoding.UTF8.GetString(text)}" : null;
}
