using ChangeFeed.EventStore;

namespace ChangeFeed.Projections.Writing;

/// <summary>
/// Applies events of a stream that come together with one write, and knows it when each has its turn. An event that cannot be applied fails in
/// its own turn, not in that of an earlier one.
/// </summary>
internal sealed class FoldingWriter(IViewWriter writer)
{
    private const int MaxStreams = 5_000;

    // Up to where this instance has applied a stream ahead of its turn.
    private readonly BoundedCache<string, long> _applied = new(MaxStreams);

    public async Task ApplyAsync(RecordedEvent e, IReadOnlyList<RecordedEvent> ahead, CancellationToken cancellationToken)
    {
        if (_applied.TryGet(e.StreamId, out var applied) && e.Version <= applied)
            return;
        // The first event makes the document, and what an enricher knows of it is put in as it is then: later it may have ended.
        if (ahead.Count > 0 && e.Version > 0 && await TryTogetherAsync([e, .. ahead], cancellationToken))
            _applied.Set(e.StreamId, ahead[^1].Version);
        else
            await writer.ApplyAsync([e], cancellationToken);
    }

    private async Task<bool> TryTogetherAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
    {
        try
        {
            await writer.ApplyAsync(run, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whose fault it is shows when each is applied alone: this one now, the others in their turn.
            return false;
        }
    }
}
