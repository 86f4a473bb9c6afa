using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChangeFeed.Timers;

/// <summary>
/// Waits in the feed of all versions and deletes for companions of timers that have run out, and fires what is due then. It only says when to
/// look: the timer is a document of its own, so an expiry nobody saw is found by the next turn of <see cref="TimerPolling"/>, and the
/// feed is read from now on, without leases, whatever its retention.
/// </summary>
internal sealed class ExpiryFeed(
    IEnumerable<TimerFiring> firings, TimerStore timers, IOptions<TimerOptions> options, IOptions<ChangeFeedOptions> feed, TimeProvider time,
    ILogger<ExpiryFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseWithoutVersions = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.ObserveExpiry)
            return;
        try
        {
            while (true)
            {
                var pause = await ReadUntilItFailsAsync(stoppingToken);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<TimeSpan> ReadUntilItFailsAsync(CancellationToken stop)
    {
        try
        {
            using var pages = timers.ExpiryFeed(feed.Value.HoldReads);
            while (true)
            {
                var asked = time.GetTimestamp();
                using var page = await pages.ReadPageAsync(stop);
                foreach (var firing in firings)
                    if (LastExpiry(page.Documents, firing.Name) is { } now)
                        await firing.FireDueAsync(now, stop);
                // A store that does not hold reads open answers at once.
                if (page.IsEnd && Pause - time.GetElapsedTime(asked) is { Ticks: > 0 } left)
                    await Task.Delay(left, time, stop);
            }
        }
        catch (CosmosException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            logger.LogError(
                "Timers:ObserveExpiry is set, and the store shows no versions and deletes: timers are found by polling alone. {Problem}", e.Message);
            return PauseWithoutVersions;
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException or OperationCanceledException or JsonException && !stop.IsCancellationRequested)
        {
            logger.LogWarning(e, "The expiry of timers is not observed; tried again in {Pause}, and meanwhile they are found by polling.", Pause);
            return Pause;
        }
    }

    /// <summary>When the last companion of a timer of this name ran out, by the clock of the store; null where none did.</summary>
    internal static long? LastExpiry(IEnumerable<JsonElement> changes, string name)
    {
        long? last = null;
        foreach (var change in changes)
            if (change.TryGetProperty("metadata"u8, out var metadata)
                && metadata.TryGetProperty("timeToLiveExpired"u8, out var expired) && expired.ValueKind == JsonValueKind.True
                && IsOf(name, change, metadata)
                && metadata.TryGetProperty("crts"u8, out var at) && at.TryGetInt64(out var seconds))
                last = Math.Max(last ?? 0, seconds);
        return last;
    }

    // Where the store tells neither the id nor what was there, it may be one of ours: looking costs little.
    private static bool IsOf(string name, JsonElement change, JsonElement metadata)
    {
        var was = change.TryGetProperty("previous"u8, out var previous) && previous.ValueKind == JsonValueKind.Object ? previous : default;
        if (!metadata.TryGetProperty("id"u8, out var id) && (was.ValueKind != JsonValueKind.Object || !was.TryGetProperty("id"u8, out id)))
            return true;
        return id.GetString() is { } text && text.StartsWith(name + "@", StringComparison.Ordinal)
            && text.EndsWith(TimerStore.Companion, StringComparison.Ordinal);
    }
}
