using System.Collections.Concurrent;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.Emulator.Tests.Storage;

public sealed class CommitterTests : IDisposable
{
    private readonly DataDirectory _data = DataDirectory.Open(null);
    private readonly UpkeepFails _store;
    private readonly Errors _log = new();
    private readonly Committer _committer;

    public CommitterTests()
    {
        _store = new UpkeepFails(_data.OpenStore(null, TimeProvider.System));
        _committer = new Committer(_store, TimeProvider.System, _log);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_after_whose_commit_something_fails_is_answered_and_the_next_ones_are_written()
    {
        _store.Fails = true;

        (await WriteAsync(1)).ShouldBe(1);
        (await WriteAsync(2)).ShouldBe(2);

        _log.Told.Select(error => error.Message).ShouldBe(["upkeep", "upkeep"]);
    }

    [Fact]
    public async Task What_waits_while_another_writes_is_written_although_something_fails_after_each_commit()
    {
        _store.Fails = true;
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();

        var first = Task.Run(
            () => _committer.RunAsync(_ =>
            {
                begun.Set();
                go.Wait(Stop);
                return 0;
            }),
            Stop);
        begun.Wait(Stop);
        var waiting = Enumerable.Range(1, 5).Select(WriteAsync).ToList();
        go.Set();

        (await first.WaitAsync(TimeSpan.FromSeconds(30), Stop)).ShouldBe(0);
        (await Task.WhenAll(waiting)).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Memory_that_cannot_follow_the_disk_stops_neither_the_rest_of_it_nor_the_next_write()
    {
        var followed = false;

        var written = await _committer.RunAsync(context =>
        {
            context.OnCommit(() => throw new InvalidOperationException("memory"));
            context.OnCommit(() => followed = true);
            return 7;
        }).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        (written, followed).ShouldBe((7, true));
        (await WriteAsync(8)).ShouldBe(8);
    }

    public void Dispose()
    {
        _committer.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    private Task<int> WriteAsync(int number) => _committer.RunAsync(_ => number).WaitAsync(TimeSpan.FromSeconds(30), Stop);

    private sealed class UpkeepFails(IStore store) : IStore
    {
        public bool Fails { get; set; }

        public long Size => store.Size;

        public StoreHealth Health => store.Health;

        public Catalogue Load() => store.Load();

        public bool WantsCommit() => store.WantsCommit();

        public Task CheckAsync(CancellationToken stopping) => store.CheckAsync(stopping);

        public IReadSession Read() => store.Read();

        public IWriteSession Write() => store.Write();

        public void AfterCommit()
        {
            if (Fails)
                throw new InvalidOperationException("upkeep");
        }

        public void Dispose() => store.Dispose();
    }

    private sealed class Errors : ILogger
    {
        public ConcurrentQueue<Exception> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Enqueue(exception ?? new InvalidOperationException(formatter(state, exception)));
    }
}
