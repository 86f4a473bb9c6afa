using System.Globalization;
using OrderPipeline.ChangeFeed;

namespace OrderPipeline.CustomerCare.Pages.Services;

/// <summary>What can be told of an endpoint by looking at it more than once: since when it does not move, and how fast it is.</summary>
internal sealed class ServiceProgress
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OwnerGone = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(string Endpoint, string Lease), List<(DateTimeOffset At, string? Position)>> _seen = [];

    /// <summary>How an endpoint stands, with what was seen of it before.</summary>
    public ServiceStanding Note(EndpointStanding endpoint, int parked, DateTimeOffset now)
    {
        var since = new List<DateTimeOffset>();
        double? rate = null;
        foreach (var partition in endpoint.Partitions)
        {
            var seen = Remember((endpoint.Name, partition.Lease), partition.Position, now);
            if (partition.Behind > 0)
                since.Add(seen[seen.FindLastIndex(s => s.Position != partition.Position) + 1].At);
            if (Rate(seen) is { } partitionRate)
                rate = (rate ?? 0) + partitionRate;
        }

        return new ServiceStanding(
            endpoint.Name,
            [.. endpoint.Partitions.Select(p => p with { Owner = now - p.RenewedAt > OwnerGone ? null : p.Owner })],
            endpoint.Partitions.Sum(p => p.Behind),
            since.Count == 0 ? null : since.Min(),
            rate,
            parked);
    }

    private List<(DateTimeOffset At, string? Position)> Remember((string Endpoint, string Lease) key, string? position, DateTimeOffset now)
    {
        if (!_seen.TryGetValue(key, out var seen))
            _seen[key] = seen = [];
        // Of a position that stays the first and the last time are enough.
        if (seen.Count > 1 && seen[^1].Position == position && seen[^2].Position == position)
            seen[^1] = (now, position);
        else
            seen.Add((now, position));
        while (seen.Count > 2 && now - seen[1].At > RateWindow)
            seen.RemoveAt(0);
        return seen;
    }

    // Positions of a partition are numbers that count its transactions.
    private static double? Rate(List<(DateTimeOffset At, string? Position)> seen) =>
        seen.Count > 1 && Number(seen[0].Position) is { } first && Number(seen[^1].Position) is { } last && last >= first
            ? (last - first) / (seen[^1].At - seen[0].At).TotalSeconds
            : null;

    private static long? Number(string? position) =>
        long.TryParse(position?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>How a service stands that reads the change feed.</summary>
/// <param name="Name">Its endpoint.</param>
/// <param name="Partitions">The partitions it reads; owned by nobody where the owner has not been heard of for a while.</param>
/// <param name="Behind">Transactions that wait for it.</param>
/// <param name="StuckSince">Since when it is behind without having moved, as far as it was looked at; null when nothing waits.</param>
/// <param name="Rate">Transactions it passes in a second; null when not known.</param>
/// <param name="Parked">Orders parked at it.</param>
public sealed record ServiceStanding(
    string Name, IReadOnlyList<PartitionStanding> Partitions, long Behind, DateTimeOffset? StuckSince, double? Rate, int Parked)
{
    public int Instances => Partitions.Select(p => p.Owner).OfType<string>().Distinct().Count();
}
