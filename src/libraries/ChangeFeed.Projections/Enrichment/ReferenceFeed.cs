using System.Collections.Concurrent;
using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Projections.Enrichment;

/// <summary>Handles a document that was made or changed. It is told the id alone: what counts is the document as it is when it is handled.</summary>
public delegate Task HandleChange(string id, CancellationToken cancellationToken);

/// <summary>
/// Reads the change feed of documents that are changed in place, through the SDK's processor: several instances share it by leases, and
/// begin with what was there before. The place is noted once all of a page is handled; what fails is tried again, more and more
/// slowly, and never skipped, because a later change of the same document would not repeat it.
/// </summary>
/// <param name="name">Names it in health and log, and begins the ids of its leases: no two feeds may have the same.</param>
/// <param name="monitored">The documents.</param>
/// <param name="leases">Where the leases are.</param>
/// <param name="handle">What is done about a change; the same change can come again.</param>
/// <param name="options">How feeds of events are read and shared; this one takes four times as long for everything.</param>
/// <param name="time">The time.</param>
/// <param name="logger">The log.</param>
public sealed class ReferenceFeed(
    string name, Container monitored, Container leases, HandleChange handle, ChangeFeedOptions options, TimeProvider time, ILogger<ReferenceFeed> logger)
    : BackgroundService, IHealthCheck
{
    // Changes are rare and nobody waits for them, so what a feed costs at rest counts: a quarter of what one of events does. After a crash
    // another instance goes on within a minute.
    private const int Patience = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> _failing = new(); // a document, or what else is tried again
    private readonly ConcurrentDictionary<string, string> _unread = new();

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !_failing.IsEmpty ? HealthCheckResult.Unhealthy(Describe(_failing))
        : !_unread.IsEmpty ? HealthCheckResult.Degraded(Describe(_unread))
        : HealthCheckResult.Healthy());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ChangeFeedRequestHandler.MarkPageByPage();
        ChangeFeedProcessor? processor = null;
        await UntilDoneAsync("starting", async () => await (processor = Build()).StartAsync(), stoppingToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await processor!.StopAsync();
    }

    private ChangeFeedProcessor Build() => monitored
        .GetChangeFeedProcessorBuilderWithManualCheckpoint($"{name}:", OnChangesAsync)
        .WithSharedLeases(leases, options.Processor.SlowedBy(Patience))
        .WithMaxItems(options.PageSize)
        .FromBeginning()
        .WithLeaseAcquireNotification(Readable)
        .WithLeaseReleaseNotification(Readable)
        .WithErrorNotification(Unreadable)
        .Build();

    private Task Readable(string lease)
    {
        _unread.TryRemove(lease, out _);
        return Task.CompletedTask;
    }

    private Task Unreadable(string lease, Exception error)
    {
        if ((error.InnerException ?? error) is OperationCanceledException)
            return Task.CompletedTask; // the lease is another instance's, or this one stops
        _unread[lease] = error.Message;
        logger.LogError(error, "{Feed}: the change feed of lease {Lease} failed; it is read again after a pause.", name, lease);
        return Task.CompletedTask;
    }

    private async Task OnChangesAsync(ChangeFeedProcessorContext context, Stream changes, Func<Task> checkpoint, CancellationToken tenure)
    {
        await Readable(context.LeaseToken);
        using var page = await DocumentPage.ReadAsync(changes, tenure);
        var ids = page.Documents.Select(d => d.GetProperty("id"u8).GetString()!).Distinct();
        await Task.WhenAll(ids.Select(id => UntilDoneAsync(id, () => handle(id, tenure), tenure)));
        await checkpoint();
    }

    private async Task UntilDoneAsync(string what, Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await act();
                    return;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    _failing[what] = e.Message;
                    logger.LogError(e, "{Feed}: {What} fails, next try in {Pause}.", name, what, pause);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
        finally
        {
            _failing.TryRemove(what, out _); // done, or another instance's from now on
        }
    }

    private string Describe(ConcurrentDictionary<string, string> problems) => $"{name}: {string.Join(" ", problems.Take(5).Select(p => $"{p.Key} fails: {p.Value}"))}";
}
