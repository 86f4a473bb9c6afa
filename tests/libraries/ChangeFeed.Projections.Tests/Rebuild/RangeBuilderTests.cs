using ChangeFeed.EventStore;
using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Writing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Tests.Rebuild;

/// <summary>A range is built from several windows at the same time, and each stream in its order all the same.</summary>
public sealed class RangeBuilderTests : IAsyncLifetime
{
    private const int Streams = 16;
    private const int Deposits = 8;

    private readonly AccountsOnStore _store = new();
    private List<string> _ids = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Container Built => _store.Containers.Version(AccountsOnStore.View.Name, 2);

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await Built.Database.CreateContainerAsync(Built.Id, "/id", cancellationToken: Stop);
        // The events of a stream lie apart, in many windows.
        _ids = [.. Enumerable.Range(0, Streams).Select(_ => Guid.NewGuid().ToString())];
        for (var version = 0; version <= Deposits; version++)
            foreach (var id in _ids)
                await _store.Source.Store.AppendAsync(
                    id, version - 1, [version == 0 ? new Opened("ada") : new Deposited(version, "rent")], new AppendContext("test"), Stop);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Streams_that_lie_in_many_windows_are_written_in_their_order()
    {
        var writer = new WatchedWriter(_store);

        await BuildAsync(writer);

        foreach (var id in _ids)
        {
            writer.VersionsOf(id).ShouldBe(Enumerable.Range(0, Deposits + 1).Select(version => (long)version));
            (await BalanceAsync(id)).ShouldBe(Deposits * (Deposits + 1) / 2);
        }
    }

    [Fact]
    public async Task A_write_that_fails_ends_the_build_and_what_was_noted_is_not_built_again()
    {
        var writer = new WatchedWriter(_store) { FailsAt = (_ids[0], Deposits / 2) };
        (await Should.ThrowAsync<TimeoutException>(() => BuildAsync(writer))).Message.ShouldBe("no answer");
        writer.Running.ShouldBe(0);
        var again = new WatchedWriter(_store);

        await BuildAsync(again);

        again.Events.ShouldBeLessThan(Streams * (Deposits + 1));
        foreach (var id in _ids)
            (await BalanceAsync(id)).ShouldBe(Deposits * (Deposits + 1) / 2);
    }

    private async Task BuildAsync(IViewWriter writer)
    {
        var store = new RebuildStore(_store.Containers, AccountsOnStore.View.Name);
        await store.CreatePlanAsync(2, [.. (await _store.Source.Feed.RangesAsync(Stop)).Select(range => range.ToJsonString())], Stop);
        var plan = (await store.PlanAsync(2, Stop))!;
        var builder = new RangeBuilder(_store.Source.Feed, writer, TimeProvider.System, Guid.NewGuid().ToString(), (_, problem) => problem.ShouldBeNull())
        {
            PageSize = 5,
            WindowEvents = 5,
        };
        for (var i = 0; i < plan.Ranges.Count; i++)
        {
            var (range, etag) = await store.RangeAsync(2, plan, i, Stop);
            if (!range.Done)
                (await builder.RunAsync(store, range, etag, _ => { }, Stop)).ShouldBeTrue();
        }
    }

    private async Task<decimal> BalanceAsync(string id) =>
        (await Built.ReadItemAsync<AccountDocument>(id, new PartitionKey(id), cancellationToken: Stop)).Resource.Balance;

    /// <summary>The writer of the view, which takes some time now and then, and tells what it wrote.</summary>
    private sealed class WatchedWriter(AccountsOnStore store) : IViewWriter
    {
        private readonly IViewWriter _writer = AccountsOnStore.View.CreateWriter(
            store.Bulk.Version(AccountsOnStore.View.Name, 2), store.Source.ReadAsync, null);

        private readonly List<(string Stream, long Version)> _written = [];
        private int _running;

        public (string Stream, long Version)? FailsAt { get; init; }

        public int Running => Volatile.Read(ref _running);

        public int Events
        {
            get
            {
                lock (_written)
                    return _written.Count;
            }
        }

        public IEnumerable<long> VersionsOf(string stream)
        {
            lock (_written)
                return [.. _written.Where(e => e.Stream == stream).Select(e => e.Version)];
        }

        public async Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _running);
            try
            {
                if (run[0].StreamId.GetHashCode(StringComparison.Ordinal) % 3 == 0)
                    await Task.Delay(run[0].Version == 0 ? 20 : 1, cancellationToken);
                if (FailsAt is { } fails && run.Any(e => (e.StreamId, e.Version) == fails))
                    throw new TimeoutException("no answer");
                await _writer.ApplyAsync(run, cancellationToken);
                lock (_written)
                    _written.AddRange(run.Select(e => (e.StreamId, e.Version)));
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
