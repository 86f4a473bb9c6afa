namespace ChangeFeed.Projections.Rebuild;

/// <summary>A process's hold on a range: lost when it has not shown itself for a while and another took it. Writes are conditional, so two at once do no
/// harm.</summary>
internal sealed class RangeLease(RebuildStore store, BuildRange range, string? etag, TimeProvider time)
{
    private readonly SemaphoreSlim _one = new(1);
    private BuildRange _range = range;
    private string? _etag = etag;
    private bool _lost;

    /// <summary>Writes the range, and shows with it that its owner is there.</summary>
    /// <returns>False when another process has taken it.</returns>
    public async Task<bool> SaveAsync(Func<BuildRange, BuildRange> change, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_lost)
                return false;
            var next = change(_range) with { Until = time.GetUtcNow() + RangeBuilder.LeaseDuration };
            if (await store.TrySetRangeAsync(next, _etag, cancellationToken) is not { } etag)
            {
                _lost = true;
                return false;
            }

            (_range, _etag) = (next, etag);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Shows now and then that the owner is there, until <paramref name="stop"/>, which it cancels when the range is lost.</summary>
    public async Task KeepAsync(CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RangeBuilder.LeaseDuration / 3, time, stop.Token);
                if (!await SaveAsync(r => r, stop.Token))
                    await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
