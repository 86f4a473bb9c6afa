using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Fencing;

/// <summary>What a process may do, and until when.</summary>
/// <param name="Entry">The directory as it was told.</param>
/// <param name="Asked">When it asked, by the clock that only runs on: the grant is good from here on.</param>
/// <param name="AskedAt">When it asked, by the clock on the wall, which goes on while a machine is suspended.</param>
internal sealed record EpochGrant(DirectoryEntry Entry, long Asked, DateTimeOffset AskedAt);

/// <summary>
/// A process as a member of a directory. It acts only under a grant that its own clock says is good, both when an operation begins and when it
/// ends; a grant is renewed long before. When an epoch ends, it lets what runs come to its end, says so, and waits for the next.
/// </summary>
public sealed class EpochMember : IAsyncDisposable
{
    private readonly EpochDirectory _directory;
    private readonly EpochOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<ContainerLocation, string?> _sessionOf;
    private readonly string _id = Member.Prefix + ServiceInstance.NewName();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly Lock _lock = new();
    private readonly Task _run;
    private EpochGrant? _grant; // the last one under an open epoch
    private DirectoryEntry? _entry;
    private long _closingSeen;
    private long? _closed; // the epoch under which nothing runs any more
    private bool _saidThatItWatches;
    private bool _left;
    private int _running;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Becomes a member.</summary>
    /// <param name="documents">Where directory entries are; partition key <c>/migration</c>.</param>
    /// <param name="name">Name of the entry.</param>
    /// <param name="accounts">The accounts, whose sessions a switch is told.</param>
    /// <param name="time">The time.</param>
    /// <param name="options">How long grants are good; the same for all members and for the switch.</param>
    public EpochMember(Container documents, string name, AccountClients accounts, TimeProvider time, EpochOptions? options = null)
        : this(new EpochDirectory(documents, name), accounts.SessionOf, time, options ?? new EpochOptions())
    {
    }

    internal EpochMember(EpochDirectory directory, Func<ContainerLocation, string?> sessionOf, TimeProvider time, EpochOptions options)
    {
        (_directory, _sessionOf, _time, _options) = (directory, sessionOf, time, options);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Why the directory cannot be asked at the moment; null while it can.</summary>
    public string? Problem { get; private set; }

    internal EpochDirectory Directory => _directory;

    /// <summary>Says that a container serves, where nothing says so yet.</summary>
    /// <param name="first">The container.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CosmosException">The store refused, or cannot be reached.</exception>
    public async Task BeginAsync(ContainerLocation first, CancellationToken cancellationToken = default)
    {
        if (await _directory.FindAsync(cancellationToken) is null)
            await _directory.TrySetAsync(DirectoryEntry.First(_directory.Name, first, _time.GetUtcNow()), null, cancellationToken);
    }

    /// <summary>Waits for an epoch to act under. The caller leaves it with <see cref="Leave"/>.</summary>
    internal async ValueTask<EpochGrant> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_grant is { } grant && _entry is { Closing: false } && IsGood(grant))
                {
                    _running++;
                    return grant;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The entry of an open epoch, as soon as it is another one than is known.</summary>
    internal async Task<DirectoryEntry> WaitForAsync(long known, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_entry is { Closing: false } entry && entry.Epoch != known)
                    return entry;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    internal void Leave()
    {
        lock (_lock)
        {
            if (--_running == 0)
                Signal();
        }
    }

    /// <summary>Whether what was begun under the grant ended while its epoch had not: asked before <see cref="Leave"/>.</summary>
    internal async Task<bool> EndedInTimeAsync(EpochGrant grant, CancellationToken cancellationToken)
    {
        if (IsStill())
            return true;
        await RenewAsync(cancellationToken);
        // An epoch that is ending may have been given up on this process already: only one that is open is sure.
        lock (_lock)
            return _entry is { Closing: false } entry && entry.Epoch == grant.Entry.Epoch;

        bool IsStill()
        {
            lock (_lock)
                return _grant is { } last && last.Entry.Epoch == grant.Entry.Epoch && IsGood(last);
        }
    }

    /// <summary>Leaves the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _left, true))
            return;
        await _stop.CancelAsync();
        await _run;
        try
        {
            await _directory.LeaveAsync(_id, CancellationToken.None);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            Problem = e.Message; // forgotten by its time to live
        }

        _stop.Dispose();
        _renewing.Dispose();
    }

    private bool IsGood(EpochGrant grant) =>
        _time.GetElapsedTime(grant.Asked) < _options.Validity && _time.GetUtcNow() - grant.AskedAt < _options.Validity;

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await MustRenewAsync())
                    await RenewAsync(_stop.Token);
                if (_entry is { Closing: true } closing)
                    await CloseAsync(closing);
                Problem = null;
                await Task.Delay(_entry is { Closing: true } or { Watch: true } ? _options.WatchInterval : _options.Validity / 3, _time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is CosmosException or HttpRequestException or MigrationException or OperationCanceledException)
            {
                Problem = e.Message; // the grant runs out, and those who wait go on waiting until the directory answers
                await Task.Delay(_options.WatchInterval, _time, CancellationToken.None);
            }
        }
    }

    // While a switch is near a plain read says whether there is anything new: a tenth of what showing oneself costs.
    private async Task<bool> MustRenewAsync()
    {
        EpochGrant? grant;
        DirectoryEntry? known;
        lock (_lock)
            (grant, known) = (_grant, _entry);
        if (known is null or { Closing: false, Watch: false })
            return true;
        if (known.Watch && !_saidThatItWatches)
            return true; // a switch waits for this
        if (!known.Closing && (grant is null || _time.GetElapsedTime(grant.Asked) > _options.Validity / 4))
            return true;
        var (entry, _) = await _directory.ReadAsync(_stop.Token);
        return entry != known;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            var asked = _time.GetTimestamp(); // before it is sent: a grant is never overstated
            var askedAt = _time.GetUtcNow();
            var self = Self();
            var entry = await _directory.ShowAsync(self, cancellationToken);
            lock (_lock)
            {
                _saidThatItWatches = self.Watching;
                if (!entry.Closing)
                    _grant = new EpochGrant(entry, asked, askedAt);
                if (entry.Closing && _entry != entry)
                    _closingSeen = asked;
                _entry = entry;
                Signal();
            }
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Waits until nothing runs, and says so. Where no epoch follows, the one that ends goes on: whoever is first decides, by one write.</summary>
    private async Task CloseAsync(DirectoryEntry closing)
    {
        if (_closed != closing.Epoch)
        {
            await NothingRunsAsync();
            _closed = closing.Epoch; // never taken back: nothing begins under an epoch that ends
            await RenewAsync(_stop.Token);
        }
        else if (_time.GetElapsedTime(_closingSeen) > _options.ClosingLimit)
        {
            var (entry, etag) = await _directory.ReadAsync(_stop.Token);
            if (entry.Closing && entry.Epoch == closing.Epoch)
                await _directory.TrySetAsync(entry.Reopened(), etag, _stop.Token);
            await RenewAsync(_stop.Token);
        }
    }

    private async Task NothingRunsAsync()
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_running == 0)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(_stop.Token);
        }
    }

    private Member Self() => new(_id, _directory.Name)
    {
        Closed = _closed,
        Watching = _entry is { Watch: true } or { Closing: true },
        Session = _closed is not null && _entry is { } entry ? _sessionOf(entry.Serving) : null,
        Ttl = (int)Math.Ceiling(_options.Validity.TotalSeconds * 3),
    };

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
