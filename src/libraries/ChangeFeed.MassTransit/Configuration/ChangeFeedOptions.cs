using ChangeFeed.EventStore.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChangeFeed.MassTransit;

/// <summary>
/// How the change feed is read and shared; configuration section <c>ChangeFeed</c>.
/// <para>
/// What the defaults cost an endpoint that has nothing to do, on a container of 4 physical partitions with the leases in a container of
/// one that indexes nothing (a read is 1 request unit, the write of a lease 9.9, a query of the leases 3, an empty feed read 1): renewals
/// 4 × 9.9 / 10 s = 4.0, feed reads 4 × 1 / 1 s = 4.0, looking for leases 3 / 5 s = 0.6, for dead letters and controls
/// 2 × 1 / 5 s = 0.4, measuring the lag 10 / 60 s = 0.2, telling how it stands 12 / 60 s = 0.2, together 9.4 request units a second.
/// Every further instance adds 1.3, and every further partition 2.0; a further endpoint of the same process shares what looking costs.
/// </para>
/// <para>
/// What they give: after a crash a partition is taken over within expiration + 1.5 × acquire interval = 22.5 s; a joining instance takes one
/// lease per acquire interval, so its two of four partitions within 10 s, and the former owner notices within a renew interval. Two
/// instances that start at once where there are no leases yet are the exception: the SDK lets the second wait 15 s.
/// </para>
/// </summary>
public sealed class ChangeFeedOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "ChangeFeed";

    /// <summary>Pause between two reads of a partition that had nothing new; 0 to 1 minute. Half of it is the mean delay of an event on a quiet
    /// store.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the embedded store may hold a read open that has nothing new, to be given to <see cref="ChangeFeedRequestHandler"/>; 0 to
    /// 50 s, 0 for real accounts. With it an event is delivered within a millisecond and an idle endpoint costs nothing.
    /// </summary>
    public TimeSpan HoldReads { get; set; } = TimeSpan.Zero;

    /// <summary>Documents asked for per page, a hint to the store; 1 to 10,000.</summary>
    public int PageSize { get; set; } = 200;

    /// <summary>Pause between two looks for leases to take over; at least 100 ms.</summary>
    public TimeSpan LeaseAcquireInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two renewals of a lease; less than <see cref="LeaseExpirationInterval"/>.</summary>
    public TimeSpan LeaseRenewInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Age at which a lease that is not renewed counts as abandoned, by the clock of the instance that looks.</summary>
    public TimeSpan LeaseExpirationInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Pause between two checkpoints of a partition, each the write of a lease: what a crash at most repeats, beside what was in flight. 0 to 1 minute.
    /// </summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause between two looks whether the endpoint is paused and what is asked for its parked streams; at least 50 ms. Two request units
    /// each.</summary>
    public TimeSpan ControlInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Pause between two looks whether there is news of this endpoint for others to read; at least 100 ms. News costs about 10 request
    /// units, and so does that there is none, once a minute.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two measurements of the lag of all partitions; at least 100 ms. About 10 request units each on 4 partitions.</summary>
    public TimeSpan LagInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a partition may be behind without moving before health turns red; at least 1 s, longer than the slowest event with its
    /// retries.</summary>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a stop waits for events being handled before it abandons them; 0 to 5 minutes.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Streams an endpoint may have parked, which are one logical partition of the dead-letter container; 1 to 1,000,000. An event that fails
    /// beyond that is not put aside: it waits, its partition behind it in the end, and health is red, until streams are replayed or discarded.
    /// </summary>
    public int MaxParkedStreams { get; set; } = 100_000;

    /// <summary>
    /// How long letters are kept whose fate is decided, and requests that are finished, so that the partition does not fill with them; 1 day to
    /// 10 years. The dead-letter container needs a default time to live (−1) for that. What waits is kept until somebody decides.
    /// </summary>
    public TimeSpan KeepSettled { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How the instances of a service share the feed, for processors that read it beside the endpoints.</summary>
    public ProcessorSettings Processor => new(LeaseAcquireInterval, LeaseExpirationInterval, LeaseRenewInterval, PollInterval);

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (PollInterval < TimeSpan.Zero || PollInterval > TimeSpan.FromMinutes(1))
            yield return Wrong(nameof(PollInterval), PollInterval, "0 to 1 minute");
        if (HoldReads < TimeSpan.Zero || HoldReads > TimeSpan.FromSeconds(50))
            yield return Wrong(nameof(HoldReads), HoldReads, "0 to 50 seconds");
        if (PageSize is < 1 or > 10_000)
            yield return Wrong(nameof(PageSize), PageSize, "1 to 10000");
        if (LeaseAcquireInterval < TimeSpan.FromMilliseconds(100))
            yield return Wrong(nameof(LeaseAcquireInterval), LeaseAcquireInterval, "at least 100 ms");
        if (LeaseRenewInterval < TimeSpan.FromMilliseconds(100))
            yield return Wrong(nameof(LeaseRenewInterval), LeaseRenewInterval, "at least 100 ms");
        if (LeaseExpirationInterval <= LeaseRenewInterval)
            yield return Wrong(nameof(LeaseExpirationInterval), LeaseExpirationInterval, $"longer than LeaseRenewInterval ({LeaseRenewInterval})");
        if (CheckpointInterval < TimeSpan.Zero || CheckpointInterval > TimeSpan.FromMinutes(1))
            yield return Wrong(nameof(CheckpointInterval), CheckpointInterval, "0 to 1 minute");
        if (ControlInterval < TimeSpan.FromMilliseconds(50))
            yield return Wrong(nameof(ControlInterval), ControlInterval, "at least 50 ms");
        if (HeartbeatInterval < TimeSpan.FromMilliseconds(100))
            yield return Wrong(nameof(HeartbeatInterval), HeartbeatInterval, "at least 100 ms");
        if (LagInterval < TimeSpan.FromMilliseconds(100))
            yield return Wrong(nameof(LagInterval), LagInterval, "at least 100 ms");
        if (StallAfter < TimeSpan.FromSeconds(1))
            yield return Wrong(nameof(StallAfter), StallAfter, "at least 1 second");
        if (StopTimeout < TimeSpan.Zero || StopTimeout > TimeSpan.FromMinutes(5))
            yield return Wrong(nameof(StopTimeout), StopTimeout, "0 to 5 minutes");
        if (MaxParkedStreams is < 1 or > 1_000_000)
            yield return Wrong(nameof(MaxParkedStreams), MaxParkedStreams, "1 to 1000000");
        if (KeepSettled < TimeSpan.FromDays(1) || KeepSettled > TimeSpan.FromDays(3650))
            yield return Wrong(nameof(KeepSettled), KeepSettled, "1 to 3650 days");
    }

    private static string Wrong(string name, object value, string range) =>
        FormattableString.Invariant($"{SectionName}:{name} is {value}; it must be {range}.");
}

internal sealed class ChangeFeedOptionsSetup(IServiceProvider services) : IConfigureOptions<ChangeFeedOptions>, IValidateOptions<ChangeFeedOptions>
{
    public void Configure(ChangeFeedOptions options) =>
        services.GetService<IConfiguration>()?.GetSection(ChangeFeedOptions.SectionName).Bind(options);

    public ValidateOptionsResult Validate(string? name, ChangeFeedOptions options) =>
        options.Validate().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
