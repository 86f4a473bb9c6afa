using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrderPipeline.ChangeFeed.Engine;

/// <summary>All partitions of one endpoint that this instance owns.</summary>
internal sealed class EndpointEngine(string endpoint, IEventHandling handling, TimeProvider time, ILogger logger) : IFeedObserver
{
    private static readonly TimeSpan HandoverDeadline = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, PartitionSession> _sessions = new();
    private SessionLimits? _limits;
    private volatile bool _stopping;
    private volatile bool _paused;

    /// <summary>Leases this instance works on.</summary>
    public IReadOnlyCollection<PartitionSession> Sessions => (IReadOnlyCollection<PartitionSession>)_sessions.Values;

    /// <summary>What went wrong last with a lease, until something went right with it.</summary>
    public ConcurrentDictionary<string, Exception> Errors { get; } = new();

    public async Task OnPageAsync(FeedPage page, CancellationToken tenure)
    {
        try
        {
            if (!_stopping)
            {
                var session = await SessionAsync(page.Lease, tenure);
                Errors.TryRemove(page.Lease, out _);
                await session.AcceptAsync(page);
            }
        }
        catch (OperationCanceledException) when (_stopping && !tenure.IsCancellationRequested)
        {
        }

        // While stopping a page is neither handled nor checkpointed, and returning would have the source read on to no end.
        if (_stopping)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, tenure);
    }

    public Task OnLeaseAcquiredAsync(string lease)
    {
        Errors.TryRemove(lease, out _);
        logger.LogInformation("{Endpoint}: lease {Lease} acquired.", endpoint, lease);
        return Task.CompletedTask;
    }

    public async Task OnLeaseReleasedAsync(string lease)
    {
        logger.LogInformation("{Endpoint}: lease {Lease} released.", endpoint, lease);
        handling.Forget(lease);
        if (_sessions.TryGetValue(lease, out var session) && session.Tenure.IsCancellationRequested)
        {
            await AbandonAsync(session);
            _sessions.TryRemove(new(lease, session));
        }
    }

    public Task OnErrorAsync(string lease, Exception exception)
    {
        Errors[lease] = exception;
        logger.LogError(exception, "{Endpoint}: the change feed of lease {Lease} failed; it is read again after a pause.", endpoint, lease);
        return Task.CompletedTask;
    }

    /// <summary>While paused, nothing new is handled; leases are kept, so nothing moves to another instance.</summary>
    public void SetPaused(bool paused)
    {
        _paused = paused;
        foreach (var session in _sessions.Values)
            session.SetPaused(paused);
    }

    public Task DrainAsync() =>
        Task.WhenAll(_sessions.Values.Where(session => !session.Tenure.IsCancellationRequested).Select(session => session.DrainAsync()));

    /// <summary>Takes pages, from now or again after <see cref="StopAsync"/>.</summary>
    public void Open(SessionLimits limits)
    {
        _limits = limits;
        _stopping = false;
    }

    /// <summary>Takes no more pages, finishes or abandons what runs, checkpoints. The source is stopped after this.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _stopping = true;
        await Task.WhenAll(_sessions.Values.Select(session => session.CloseAsync(deadline)));
        _sessions.Clear();
    }

    private async Task<PartitionSession> SessionAsync(string lease, CancellationToken tenure)
    {
        if (_sessions.TryGetValue(lease, out var current))
        {
            if (current.Tenure == tenure)
                return current;

            // The lease was lost and is ours again. What still runs of the old tenure would run beside its own repetition.
            await AbandonAsync(current);
        }

        await handling.PrepareAsync(lease, tenure);
        var session = new PartitionSession(lease, tenure, _limits!, handling, time, logger);
        session.SetPaused(_paused);
        _sessions[lease] = session;
        return _stopping ? throw new OperationCanceledException("The endpoint is stopping.") : session;
    }

    private async Task AbandonAsync(PartitionSession session)
    {
        using var deadline = new CancellationTokenSource(HandoverDeadline, time);
        await session.CloseAsync(deadline.Token);
    }
}
