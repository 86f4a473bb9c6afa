using System.ComponentModel;
using System.Text.RegularExpressions;
using ChangeFeed.MassTransit;

namespace Orders.CustomerCare.Services;

/// <summary>One process of a service.</summary>
public sealed record ServiceInstanceStanding(
    [property: Description("Machine and process.")] string Name,
    [property: Description("The partitions it owns.")] IReadOnlyList<string> Partitions,
    [property: Description("Events it has read and not finished; absent when it said nothing yet.")] int? InFlight,
    [property: Description("When it said last how it stands; it does so when something changes, and once a minute.")] DateTimeOffset? HeardAt);

/// <summary>How a service stands that reads the change feed.</summary>
/// <param name="Name">Its endpoint.</param>
/// <param name="Partitions">The partitions it reads; owned by nobody where the owner has not been heard of for a while.</param>
/// <param name="Behind">Transactions that wait for it; an append is one, of nearly always one event.</param>
/// <param name="StuckSince">Since when it is behind without having moved, as far as it was looked at; null when nothing waits.</param>
/// <param name="Rate">Events it handles in a second; null when not known.</param>
/// <param name="Parked">Orders parked at it.</param>
public sealed partial record ServiceStanding(
    string Name, IReadOnlyList<PartitionProgress> Partitions, long Behind, DateTimeOffset? StuckSince, double? Rate, int Parked)
{
    // An instance that said nothing for longer, and owns nothing, is not there any more.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(75);

    // One that is busy says so every few seconds.
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(15);

    [Description("Age of the oldest event that waits for it, in seconds, as far as known; 0 when nothing waits.")]
    public double LagSeconds { get; init; }

    [Description("Its processes.")]
    public IReadOnlyList<ServiceInstanceStanding> Instances { get; init; } = [];

    [Description("Events it cannot get past: it is told to wait for them.")]
    public IReadOnlyList<BlockedEvent> Blocked { get; init; } = [];

    [Description("Why it has stopped for a while by itself: too many events failed.")]
    public string? KillSwitch { get; init; }

    [Description("What went wrong last at one of its instances; absent when nothing did since they started.")]
    public EndpointError? LastError { get; init; }

    /// <summary>Whether anybody renews its leases.</summary>
    internal bool IsRunning => Partitions.Any(p => p.Owner is not null);

    /// <summary>The same with what its instances say themselves.</summary>
    internal ServiceStanding With(IReadOnlyList<EndpointHeartbeat> heartbeats, DateTimeOffset now)
    {
        var owned = Partitions.Where(p => p.Owner is not null).ToLookup(p => InstanceOf(p.Owner!), p => p.Lease);
        var alive = heartbeats.Where(h => now - h.At < Silence || owned.Contains(h.Instance)).ToList();
        var oldest = alive.Min(h => h.Oldest) ?? StuckSince;
        return this with
        {
            LagSeconds = Behind == 0 || oldest is null ? 0 : Math.Round(Math.Max(0, (now - oldest.Value).TotalSeconds), 1),
            Rate = alive.Count > 0 ? Math.Round(alive.Where(h => now - h.At < Busy).Sum(h => h.Rate), 2) : Rate,
            Instances =
            [
                .. owned.Select(o => o.Key).Union(alive.Select(h => h.Instance)).Order(StringComparer.Ordinal)
                    .Select(name => (Name: name, Said: alive.Where(h => h.Instance == name).MaxBy(h => h.At)))
                    .Select(i => new ServiceInstanceStanding(i.Name, [.. owned[i.Name]], i.Said?.InFlight, i.Said?.At)),
            ],
            Blocked = [.. alive.SelectMany(h => h.Blocked)],
            KillSwitch = alive.Select(h => h.KillSwitch).FirstOrDefault(cause => cause is not null),
            LastError = heartbeats.Select(h => h.LastError).OfType<EndpointError>().MaxBy(error => error.At),
        };
    }

    // Behind the instance each owner has an id of its own.
    private static string InstanceOf(string owner) => OwnerId().Replace(owner, "");

    [GeneratedRegex("-[0-9a-f]{32}$")]
    private static partial Regex OwnerId();
}
