using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Engine;

/// <summary>All partitions of one endpoint that this instance owns.</summary>
internal sealed class EndpointEngine(string endpoint, IEventHandling handling, StreamLimit limit, TimeProvider time, ILogger logger) : IFeedObserver
{
    private static readonly TimeSpan HandoverDeadline = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, PartitionSession> _sessions = new();
    private readonly ConcurrentDictionary<string, CancellationToken> _tenures = new();
    private SessionLimits? _limits;
    private volatile bool _stopping;

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

    /// <summary>The session of a lease; null when this instance does not own it.</summary>
    public PartitionSession? Find(string lease) => _sessions.GetValueOrDefault(lease);

    public Task OnLeaseAcquiredAsync(string lease)
    {
        Errors.TryRemove(lease, out _);
        logger.LogInformation("{Endpoint}: lease {Lease} acquired.", endpoint, lease);
        return BeginAsync(lease);
    }

    public async Task OnLeaseReleasedAsync(string lease)
    {
        logger.LogInformation("{Endpoint}: lease {Lease} released.", endpoint, lease);
        handling.Forget(lease);
        // The news may be late, and a session whose tenure goes on belongs to the next one.
        if (_sessions.TryGetValue(lease, out var session) && (session.Tenure == default || session.Tenure.IsCancellationRequested)
            && _sessions.TryRemove(new(lease, session)))
            await AbandonAsync(session);
    }

    public Task OnErrorAsync(string lease, Exception exception)
    {
        if (exception is FeedLeaseLostException || (exception.InnerException ?? exception) is OperationCanceledException)
        {
            logger.LogInformation("{Endpoint}: lease {Lease} is no longer worked on here.", endpoint, lease);
            return Task.CompletedTask;
        }

        Errors[lease] = exception;
        logger.LogError(exception, "{Endpoint}: the change feed of lease {Lease} failed; it is read again after a pause.", endpoint, lease);
        return Task.CompletedTask;
    }

    /// <summary>Waits until everything that was read is finished: only then may the source forget where it was read from.</summary>
    public Task DrainAsync() =>
        Task.WhenAll(_sessions.Values.Where(session => !session.Tenure.IsCancellationRequested).Select(session => session.DrainAsync()));

    /// <summary>Takes pages, from now or again after <see cref="StopAsync"/>.</summary>
    public void Open(SessionLimits limits)
    {
        _limits = limits;
        Errors.Clear();
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
        if (!_sessions.TryGetValue(lease, out var session) || session.Tenure != tenure)
        {
            // A tenure has one session. What an ended one left unfinished was read already, and comes again only with a new tenure,
            // which begins at the checkpoint.
            if (_tenures.TryGetValue(lease, out var known) && known == tenure)
                throw new OperationCanceledException($"The session of lease {lease} has ended.");
            if (session is null || session.Tenure != default)
                session = await BeginAsync(lease);
            session.Bind(tenure);
            _tenures[lease] = tenure;
        }

        return _stopping ? throw new OperationCanceledException("The endpoint is stopping.") : session;
    }

    private async Task<PartitionSession> BeginAsync(string lease)
    {
        // The lease was lost and is ours again. What still runs of the old tenure would run beside its own repetition.
        if (_sessions.TryRemove(lease, out var former))
            await AbandonAsync(former);
        return _sessions[lease] = new PartitionSession(lease, _limits!, handling, limit, time, logger);
    }

    private async Task AbandonAsync(PartitionSession session)
    {
        using var deadline = new CancellationTokenSource(HandoverDeadline, time);
        await session.CloseAsync(deadline.Token);
    }
}
