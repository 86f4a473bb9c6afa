using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>Brings what is committed in the write region to another, in the same order, some time later.</summary>
/// <param name="from">The store that is written to.</param>
/// <param name="to">The store that follows.</param>
/// <param name="lag">How long after its commit something arrives.</param>
/// <param name="log">Told what fails; it is tried again.</param>
internal sealed class Replicator(IReplicatedStore from, RunningStore to, Func<TimeSpan> lag, ILogger log) : IAsyncDisposable
{
    private const int MaxCommits = 64;

    // So that a lag that is changed, or a clock that is put forward, is noticed.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<(long Number, TaskCompletionSource Reached)> _waiting = [];
    private TaskCompletionSource _hurry = NewSignal();
    private long _hurryTo;
    private Task _running = Task.CompletedTask;

    public void Begin() => _running = Task.Run(RunAsync);

    /// <summary>Does not wait for the lag up to a commit. Completes when it has arrived, or when nothing arrives any more.</summary>
    public Task HurryAsync(long number)
    {
        var reached = NewSignal();
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || to.Store.Position >= number)
                return Task.CompletedTask;
            _waiting.Add((number, reached));
            _hurryTo = Math.Max(_hurryTo, number);
            Interlocked.Exchange(ref _hurry, NewSignal()).SetResult();
        }
        return reached.Task;
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await StepAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "What is written in the write region did not arrive in {Region}; it is tried again", to.State.Region?.Name);
                await Task.Delay(LookAgain, to.State.Time, CancellationToken.None);
            }
        }
    }

    private async Task StepAsync()
    {
        // The signals are taken before reading: what comes in between completes them.
        var (kept, hurry) = (from.Kept, Volatile.Read(ref _hurry).Task);
        var commits = from.Commits(to.Store.Position, MaxCommits);
        if (commits.Count == 0)
        {
            await kept.WaitAsync(_stopping.Token);
            return;
        }

        var now = to.State.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = commits.TakeWhile(commit => commit.At + lag().TotalMilliseconds <= now || commit.Number <= Volatile.Read(ref _hurryTo)).ToList();
        if (due.Count > 0)
        {
            await to.State.Committer.RunAsync(new Arrival(to, due));
            Arrived();
            return;
        }
        var left = TimeSpan.FromMilliseconds(Math.Max(1, commits[0].At + lag().TotalMilliseconds - now));
        await Task.WhenAny(hurry, Task.Delay(left < LookAgain ? left : LookAgain, to.State.Time, _stopping.Token));
        _stopping.Token.ThrowIfCancellationRequested();
    }

    private void Arrived()
    {
        lock (_lock)
        {
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.Number <= to.Store.Position))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Number <= to.Store.Position);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        lock (_lock)
        {
            foreach (var (_, reached) in _waiting)
                reached.TrySetResult();
            _waiting.Clear();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Arrival(RunningStore to, IReadOnlyList<ReplicatedCommit> commits) : WriteCommand<int>
    {
        public override bool Exclusive => true;

        protected override int Execute(WriteContext context)
        {
            foreach (var commit in commits)
                context.Session.Replay(commit);
            context.OnCommit(() => to.State.Catalogue.Follow(to.Store.Load()));
            return commits.Count;
        }
    }
}
