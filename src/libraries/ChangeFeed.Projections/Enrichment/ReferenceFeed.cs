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
/// begin with what was there before. What fails is tried again, more and more slowly, and never skipped, because a later change of the same
/// document would not repeat it. It holds up only itself: after a few seconds the others go on without it. The place is noted once everything
/// before it is handled, so a crash meanwhile repeats what came after it.
/// </summary>
/// <param name="name">Names it in health and log, and begins the ids of its leases: no two feeds may have the same.</param>
/// <param name="monitored">The documents.</param>
/// <param name="leases">Where the leases are.</param>
/// <param name="handle">What is done about a change; the same change can come again.</param>
/// <param name="options">How feeds of events are read and shared; this one is shared alike, and polled a quarter as often.</param>
/// <param name="time">The time.</param>
/// <param name="logger">The log.</param>
public sealed class ReferenceFeed(
    string name, Container monitored, Container leases, HandleChange handle, ChangeFeedOptions options, TimeProvider time, ILogger<ReferenceFeed> logger)
    : BackgroundService, IHealthCheck
{
    // Changes are rare, so what a feed costs at rest counts: it is polled a quarter as often as one of events. Its leases are renewed like
    // those: after a crash somebody waits for what was begun.
    private const int Patience = 4;

    // Documents in work beyond which the feed waits: when everything fails, reading on mends nothing.
    private const int MaxUnfinished = 1000;

    private static readonly TimeSpan HoldsOthers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, string> _failing = new(); // a document, or what else is tried again
    private readonly ConcurrentDictionary<string, string> _unread = new();
    private readonly ConcurrentDictionary<string, Work> _running = new(); // by document
    private readonly ConcurrentDictionary<string, UnfinishedPages> _pages = new(); // by lease
    private readonly Lock _beginning = new();

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !_failing.IsEmpty ? HealthCheckResult.Unhealthy(Describe(_failing))
        : !_unread.IsEmpty ? HealthCheckResult.Degraded(Describe(_unread))
        : HealthCheckResult.Healthy());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ChangeFeedRequestHandler.MarkOverlapping(() => Task.WhenAll(_running.Values.Select(work => work.Task)));
        ChangeFeedProcessor? processor = null;
        await UntilDoneAsync("starting", async () => await (processor = Build()).StartAsync(), stoppingToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await processor!.StopAsync();
    }

    private ChangeFeedProcessor Build() => monitored
        .GetDocumentProcessorBuilder(
            name, leases, options.Processor with { PollInterval = options.Processor.PollInterval * Patience }, OnChangesAsync)
        .WithMaxItems(options.PageSize)
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

    private async Task OnChangesAsync(
        ChangeFeedProcessorContext context, DocumentPage page, Func<Task> checkpoint, CancellationToken tenure)
    {
        await Readable(context.LeaseToken);
        using var owned = page;
        var ids = page.Documents.Select(d => d.GetProperty("id"u8).GetString()!).Distinct().ToList();
        var pages = _pages.AddOrUpdate(
            context.LeaseToken, _ => new(tenure), (_, before) => before.Tenure.IsCancellationRequested ? new(tenure) : before);
        var place = pages.Add(checkpoint);
        var finished = FinishAsync(
            [.. ids.Select(id => HandleAsync(id, tenure))], () => pages.FinishAsync(place), $"the place of lease {context.LeaseToken}", tenure);
        if (await Task.WhenAny(finished, Task.Delay(HoldsOthers, time, tenure)) == finished || _running.Count >= MaxUnfinished)
            await finished;
        tenure.ThrowIfCancellationRequested();
    }

    private async Task FinishAsync(IReadOnlyList<Task> handled, Func<Task> note, string place, CancellationToken tenure)
    {
        await Task.WhenAll(handled);
        await UntilDoneAsync(place, note, tenure);
    }

    /// <summary>Handles a document, after whatever is in work of it: the change may be later than what that has read.</summary>
    private Task HandleAsync(string id, CancellationToken tenure)
    {
        var work = new Work();
        lock (_beginning)
        {
            var before = _running.GetValueOrDefault(id);
            _running[id] = work;
            return work.Task = RunAsync(before?.Task);
        }

        async Task RunAsync(Task? before)
        {
            await Task.Yield();
            if (before is not null)
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await UntilDoneAsync(id, () => handle(id, tenure), tenure);
            }
            finally
            {
                _running.TryRemove(KeyValuePair.Create(id, work));
            }
        }
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

    private string Describe(ConcurrentDictionary<string, string> problems) =>
        $"{name}: {string.Join(" ", problems.Take(5).Select(p => $"{p.Key} fails: {p.Value}"))}";

    /// <summary>What is being done about a document.</summary>
    private sealed class Work
    {
        public Task Task { get; set; } = Task.CompletedTask;
    }
}
