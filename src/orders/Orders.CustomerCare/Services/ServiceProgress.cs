using System.Globalization;
using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.Services;

/// <summary>What can be told of an endpoint by looking at it more than once: since when it does not move, and how fast it is.</summary>
internal sealed class ServiceProgress
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OwnerGone = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(string Endpoint, string Lease), List<Sight>> _seen = [];

    private readonly record struct Sight(DateTimeOffset At, string? Position, bool Waits);

    /// <summary>How an endpoint stands, with what was seen of it before.</summary>
    public ServiceStanding Note(EndpointProgress endpoint, IReadOnlyList<EndpointHeartbeat> heartbeats, int parked, DateTimeOffset now)
    {
        var since = new List<DateTimeOffset>();
        double? rate = null;
        foreach (var partition in endpoint.Partitions)
        {
            var seen = Remember((endpoint.Name, partition.Lease), new Sight(now, partition.Position, partition.Behind > 0));
            if (partition.Behind > 0)
                since.Add(seen[seen.FindLastIndex(s => s.Position != partition.Position || !s.Waits) + 1].At);
            if (Rate(seen) is { } partitionRate)
                rate = (rate ?? 0) + partitionRate;
        }

        IReadOnlyList<PartitionProgress> partitions =
            [.. endpoint.Partitions.OrderBy(p => p.Lease.Length).ThenBy(p => p.Lease, StringComparer.Ordinal)
            .Select(p => p with { Owner = now - p.RenewedAt > OwnerGone ? null : p.Owner })];
        return new ServiceStanding(endpoint.Name, partitions, endpoint.Partitions.Sum(p => p.Behind), since.Count == 0 ? null : since.Min(), rate, parked)
            .With(heartbeats, now);
    }

    private List<Sight> Remember((string Endpoint, string Lease) key, Sight sight)
    {
        if (!_seen.TryGetValue(key, out var seen))
            _seen[key] = seen = [];
        // Of what stays as it is the first and the last sight are enough.
        if (seen.Count > 1 && IsSame(seen[^1], sight) && IsSame(seen[^2], sight))
            seen[^1] = sight;
        else
            seen.Add(sight);
        while (seen.Count > 2 && sight.At - seen[1].At > RateWindow && !IsSame(seen[1], sight))
            seen.RemoveAt(0);
        return seen;
    }

    private static bool IsSame(Sight one, Sight other) => one.Position == other.Position && one.Waits == other.Waits;

    // Positions of a partition are numbers that count its transactions.
    private static double? Rate(List<Sight> seen)
    {
        var first = seen.FirstOrDefault(s => seen[^1].At - s.At <= RateWindow, seen[^1]);
        var seconds = (seen[^1].At - first.At).TotalSeconds;
        return seconds > 0 && Number(first.Position) is { } from && Number(seen[^1].Position) is { } to && to >= from ? (to - from) / seconds : null;
    }

    private static long? Number(string? position) => position is null
        ? 0
        : long.TryParse(position.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
