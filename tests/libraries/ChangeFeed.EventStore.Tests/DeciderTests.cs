namespace ChangeFeed.EventStore.Tests;

public sealed class DeciderTests(EventStoreFixture fixture) : IClassFixture<EventStoreFixture>
{
    private static readonly AppendContext Context = new("test");
    private readonly CosmosEventStore _store = fixture.Store;

    [Fact]
    public async Task What_is_decided_is_appended_after_the_stream_it_was_decided_on()
    {
        var id = Accounts.NewId();

        var opened = await _store.DecideAsync(id, _ => new Decision<string>("opened", Accounts.Opened), Context, Cancellation);
        var closed = await _store.DecideAsync(id, stream => new Decision<int>(stream.Count, Accounts.Deposited, Accounts.Closed), Context, Cancellation);

        opened.Result.ShouldBe("opened");
        closed.Result.ShouldBe(1);
        closed.Events.Select(e => e.Version).ShouldBe([1, 2]);
        (await _store.ReadStreamAsync(id, Cancellation)).Select(e => e.Type).ShouldBe(["AccountOpened", "MoneyDeposited", "AccountClosed"]);
    }

    [Fact]
    public async Task A_refusal_appends_nothing()
    {
        var id = Accounts.NewId();

        var decided = await _store.DecideAsync(id, _ => new Decision<string>("there is no such account"), Context, Cancellation);

        decided.Result.ShouldBe("there is no such account");
        decided.Events.ShouldBeEmpty();
        (await _store.ReadStreamAsync(id, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_who_may_do_it_once_exactly_one_does()
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened], Context, Cancellation);

        var closed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _store.DecideAsync(
            id, stream => stream.Any(e => e.Data is AccountClosed) ? new Decision<bool>(false) : new Decision<bool>(true, Accounts.Closed), Context,
            Cancellation)));

        closed.Count(decided => decided.Result).ShouldBe(1);
        (await _store.ReadStreamAsync(id, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_always_loses_gives_up_and_says_so()
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened], Context, Cancellation);
        var attempts = 0;

        await Should.ThrowAsync<WrongExpectedVersionException>(() => _store.DecideAsync(
            id,
            (attempt, _) =>
            {
                attempts = attempt;
                return ValueTask.FromResult(new StreamState<string>("stale", CosmosEventStore.NoStream));
            },
            (_, _) => ValueTask.FromResult(new Decision<bool>(true, Accounts.Closed)),
            Context,
            Cancellation));

        attempts.ShouldBe(Decider.MaxAttempts);
        (await _store.ReadStreamAsync(id, Cancellation)).Count.ShouldBe(1);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
