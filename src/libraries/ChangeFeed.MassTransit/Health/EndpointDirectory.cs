using System.Collections.Concurrent;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Legs;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>How far an endpoint is, as its leases tell.</summary>
/// <param name="Name">The endpoint.</param>
/// <param name="Partitions">The partitions of the container it reads.</param>
public sealed record EndpointProgress(string Name, IReadOnlyList<PartitionProgress> Partitions);

/// <summary>How far a partition of an endpoint is, as its lease tells.</summary>
/// <param name="Lease">The lease token: which partition.</param>
/// <param name="Owner">The instance that owns it, or owned it last; null when nobody does.</param>
/// <param name="Position">How far it is checkpointed; null before the first checkpoint.</param>
/// <param name="Behind">Transactions written and not checkpointed, as the store estimates.</param>
/// <param name="RenewedAt">When the owner last said that it is alive, by the owner's clock.</param>
public sealed record PartitionProgress(string Lease, string? Owner, string? Position, long Behind, DateTimeOffset RenewedAt);

/// <summary>
/// Finds every endpoint that reads one of the given containers, and how far it is, from the leases alone: whoever asks needs to know
/// none of them. About 10 request units an endpoint on 4 partitions.
/// </summary>
/// <param name="leases">The container of the leases.</param>
/// <param name="monitored">The containers whose readers are looked for.</param>
public sealed class EndpointDirectory(Container leases, params IReadOnlyList<Container> monitored)
{
    private readonly ConcurrentDictionary<string, LagEstimate> _known = new();

    /// <summary>All endpoints, by name.</summary>
    public async Task<IReadOnlyList<EndpointProgress>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<EndpointProgress>();
        foreach (var (name, container) in await FindAsync(cancellationToken))
        {
            var estimate = _known.GetOrAdd(
                $"{name}:{container.Id}", _ => new LagEstimate(LegReading.Alone(name, container), leases));
            var partitions = await estimate.ReadAsync(cancellationToken);
            found.Add(new EndpointProgress(
                name, [.. partitions.Select(p => new PartitionProgress(p.Lease.Token, p.Lease.Owner, p.Lease.Continuation, p.Behind, p.Lease.Timestamp))]));
        }

        return found;
    }

    /// <summary>What an endpoint reads; null when there is no such endpoint.</summary>
    internal async Task<Container?> FindAsync(string endpoint, CancellationToken cancellationToken) =>
        (await FindAsync(cancellationToken)).FirstOrDefault(found => found.Name == endpoint).Container;

    private async Task<IReadOnlyList<(string Name, Container Container)>> FindAsync(CancellationToken cancellationToken)
    {
        var marks = new List<(string Mark, Container Container)>();
        foreach (var container in monitored)
            marks.Add((await LeaseDirectory.MarkAsync(container, cancellationToken), container));

        var found = new SortedDictionary<string, Container>(StringComparer.Ordinal);
        using var pages = leases.GetItemQueryIterator<string>(new QueryDefinition("SELECT VALUE c.id FROM c WHERE ENDSWITH(c.id, '.info')"));
        while (pages.HasMoreResults)
            foreach (var id in await pages.ReadNextAsync(cancellationToken))
                if (id.Split(':', 2) is [var name, var rest]
                    && marks.FirstOrDefault(mark => rest.Contains(mark.Mark, StringComparison.Ordinal)).Container is { } container)
                    found[name] = container;
        return [.. found.Select(pair => (pair.Key, pair.Value))];
    }
}
