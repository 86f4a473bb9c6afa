namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>
/// What several ask for is read once: who comes while it is being read waits for it, and who comes soon after is given the same. What went wrong is
/// told to the one who read; the others read for themselves.
/// </summary>
/// <param name="maxAge">How old, from the moment it was asked for, what is given may be.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedRead<T>(TimeSpan maxAge, TimeProvider time)
    where T : class
{
    private readonly Lock _lock = new();
    private Task<T?>? _reading;
    private (T Value, long At)? _last;

    /// <summary>What is there, or was a moment ago.</summary>
    /// <param name="read">Reads it; null for what is of no use to others.</param>
    /// <param name="cancellationToken">Ends the wait, and the read where it is this caller's.</param>
    /// <returns>Null only for the one whose read gave null.</returns>
    public async Task<T?> GetAsync(Func<CancellationToken, Task<T?>> read, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T?>? theirs;
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < maxAge)
                return last.Value;
            theirs = _reading;
            _reading ??= mine.Task;
        }

        if (theirs is null)
            return await ReadAsync(read, mine, cancellationToken);
        return await theirs.WaitAsync(cancellationToken) ?? await read(cancellationToken);
    }

    /// <summary>Who asks from here on is given nothing that was asked for before.</summary>
    public void Forget()
    {
        lock (_lock)
            (_reading, _last) = (null, null);
    }

    private async Task<T?> ReadAsync(Func<CancellationToken, Task<T?>> read, TaskCompletionSource<T?> mine, CancellationToken cancellationToken)
    {
        T? value = null;
        var at = time.GetTimestamp();
        try
        {
            return value = await read(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                if (_reading == mine.Task) // or it was told to forget
                    (_reading, _last) = (null, value is null ? null : (value, at));
            }

            mine.SetResult(value);
        }
    }
}
