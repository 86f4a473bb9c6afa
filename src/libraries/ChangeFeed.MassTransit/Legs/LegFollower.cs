using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Legs;

/// <summary>
/// Sees when the turn of an endpoint is over: the route is in a later one, and every lease, whoever has it, is checkpointed to the end of this one. Then
/// the first instance that sees it notes the next turn, and the others find that.
/// </summary>
internal sealed class LegFollower(LegReading reading, IFeedRoute routes, FeedRoute known, Container leases, ChangeFeedOptions options, TimeProvider time)
{
    /// <summary>Between two looks, beside the pause that grows.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);

    private readonly EndpointTurns _turns = new(reading.Endpoint, leases);
    private FeedRoute _route = known;
    private LegFeed? _feed;
    private IReadOnlyList<(KeyRange Range, long Lsn)>? _ends;
    private TimeSpan _pause = TimeSpan.Zero;
    private bool _began;

    /// <summary>True when the next turn is to be read.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The route as it was known last.</summary>
    public FeedRoute Route => _route;

    /// <summary>Waits until the turn may be over, and looks whether it is: at first at once, then less and less often.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_began)
            await Task.Delay(_pause, time, cancellationToken);
        else
            await MayBeOverAsync(cancellationToken);
        _began = true;
        _pause = (_pause * 2) + ShortestPause < options.ControlInterval ? (_pause * 2) + ShortestPause : options.ControlInterval;

        if (_route.Turn <= reading.Number)
            _route = await routes.GetAsync(0, cancellationToken);
        var (turn, etag) = await _turns.ReadAsync(_route, cancellationToken);
        // Where only a lease has met the end of the turn, and the route is not known yet, another instance may know it.
        IsOver = turn > reading.Number
            || (_route.Turn > reading.Number && await IsHandledAsync(cancellationToken)
                && await _turns.TryWriteAsync(_route, reading.Number + 1, etag, cancellationToken));
    }

    private async Task MayBeOverAsync(CancellationToken cancellationToken)
    {
        if (_route.Turn > reading.Number)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var route = routes.GetAsync(reading.Number, either.Token);
        var met = reading.Turn?.EndMet.Task ?? Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
        await await Task.WhenAny(route, met.WaitAsync(either.Token));
        await either.CancelAsync();
    }

    private async Task<bool> IsHandledAsync(CancellationToken cancellationToken)
    {
        _feed ??= new LegFeed(reading, _route.LegOf(reading.Number)?.Session);
        // Of the first look that knew the turn to be over: what is written here later is of another one.
        _ends ??= await _feed.EndsAsync(cancellationToken);
        var all = await reading.Leases(leases).ReadAsync(cancellationToken);
        if (!KeyRange.CoverAll(all.Select(lease => KeyRange.Parse(lease.Range))))
            return false;
        foreach (var lease in all)
            if (await _feed.HasAnyAsync(lease, cancellationToken, _ends))
                return false;
        return true;
    }
}
