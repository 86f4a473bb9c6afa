namespace ChangeFeed.EventStore.Cosmos;

/// <summary>
/// A process's hold on a document that says how far something is: lost when it has not shown itself for a while and another took it. Who has
/// lost it finds out at the next write, so what it does meanwhile must do no harm.
/// </summary>
/// <typeparam name="T">The document.</typeparam>
/// <param name="write">Writes the document if it still has the etag; gives the new etag, null where another was faster.</param>
/// <param name="renew">The document with a new time until which its owner counts as there.</param>
/// <param name="document">As it was read.</param>
/// <param name="etag">The etag it was read with; null where it is not there yet.</param>
/// <param name="duration">How long an owner that does not show itself keeps it.</param>
/// <param name="time">The time.</param>
public sealed class DocumentLease<T>(
    Func<T, string?, CancellationToken, Task<string?>> write, Func<T, DateTimeOffset, T> renew, T document, string? etag, TimeSpan duration,
    TimeProvider time)
    where T : class
{
    private readonly SemaphoreSlim _one = new(1);
    private string? _etag = etag;
    private long _held;
    private bool _lost = true;
    private bool _ended;

    /// <summary>The document as it was written last.</summary>
    public T Document { get; private set; } = document;

    /// <summary>Whether it is certain that nobody else has it, by this process's own clock.</summary>
    public bool IsHeld => !Volatile.Read(ref _lost) && time.GetElapsedTime(Interlocked.Read(ref _held)) < duration;

    /// <summary>Writes the document, and shows with it that its owner is there.</summary>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when another process has taken it.</returns>
    public async Task<bool> SaveAsync(Func<T, T> change, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_ended)
                return false;
            var asked = time.GetTimestamp(); // before the store answers, so that the hold is never overstated
            var next = renew(change(Document), time.GetUtcNow() + duration);
            // Never given up half way: whether it was written would not be known, and the document lost to nobody.
            if (await write(next, _etag, CancellationToken.None) is not { } written)
            {
                _ended = true;
                Volatile.Write(ref _lost, true);
                return false;
            }

            (Document, _etag) = (next, written);
            Interlocked.Exchange(ref _held, asked);
            Volatile.Write(ref _lost, false);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Shows now and then that the owner is there, until <paramref name="stop"/>, which it cancels when the document is lost.</summary>
    /// <param name="stop">Ends it, and is ended by it.</param>
    public async Task KeepAsync(CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(duration / 3, time, stop.Token);
                if (!await SaveAsync(document => document, stop.Token))
                    await stop.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
