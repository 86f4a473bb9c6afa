
namespace ChangeFeed.EventStore.Tests;

public sealed class ReactionTests(EventStoreFixture fixture) : IClassFixture<EventStoreFixture>
{
    private readonly CosmosEventStore _store = fixture.Store;

    [Fact]
    public async Task The_first_reaction_to_a_new_stream_reads_nothing()
    {
        var opened = await OpenAsync();
        var queries = fixture.Spy.Queries;

        var reaction = await _store.ReactAsync(opened, "tax", Append(Accounts.Deposited), Cancellation);

        fixture.Spy.Queries.ShouldBe(queries);
        reaction.AlreadyDone.ShouldBeFalse();
        reaction.Events.Single().Meta.CausationId.ShouldBe(opened.Meta.EventId);
    }

    [Fact]
    public async Task Where_nothing_follows_from_the_first_event_alone_the_stream_is_read()
    {
        var opened = await OpenAsync();
        await _store.AppendAsync(opened.StreamId, 0, [Accounts.Closed], new AppendContext("test"), Cancellation);

        var reaction = await _store.ReactAsync(
            opened,
            "tax",
            (stream, _) => ValueTask.FromResult<IReadOnlyList<object>>(stream.Any(e => e.Data is AccountClosed) ? [Accounts.Deposited] : []),
            Cancellation);

        reaction.Events.Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_cause_delivered_again_finds_what_it_did_before()
    {
        var opened = await OpenAsync();
        var first = await _store.ReactAsync(opened, "tax", Append(Accounts.Deposited, Accounts.Deposited), Cancellation);
        await _store.AppendAsync(opened.StreamId, 2, [Accounts.Closed], new AppendContext("test"), Cancellation);

        var again = await _store.ReactAsync(opened, "tax", Append(Accounts.Deposited, Accounts.Deposited), Cancellation);

        again.AlreadyDone.ShouldBeTrue();
        again.Events.Select(e => e.Meta.EventId).ShouldBe(first.Events.Select(e => e.Meta.EventId));
        (await _store.ReadStreamAsync(opened.StreamId, Cancellation)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task When_another_writer_was_faster_the_decision_is_made_again_on_the_longer_stream()
    {
        var opened = await OpenAsync();
        await _store.AppendAsync(opened.StreamId, 0, [Accounts.Closed], new AppendContext("test"), Cancellation);
        var seen = new List<int>();

        var reaction = await _store.ReactAsync(opened, "tax", (stream, _) =>
        {
            seen.Add(stream.Count);
            return ValueTask.FromResult<IReadOnlyList<object>>(stream.Any(e => e.Data is AccountClosed) ? [] : [Accounts.Deposited]);
        }, Cancellation);

        seen.ShouldBe([1, 2]);
        reaction.Events.ShouldBeEmpty();
        (await _store.ReadStreamAsync(opened.StreamId, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_services_react_to_one_cause_each_for_itself()
    {
        var opened = await OpenAsync();

        await Task.WhenAll(new[] { "tax", "payment", "fulfillment" }.Select(by => _store.ReactAsync(opened, by, Append(Accounts.Deposited), Cancellation)));

        (await _store.ReadStreamAsync(opened.StreamId, Cancellation)).Skip(1).Select(e => e.Meta.By).Order().ShouldBe(["fulfillment", "payment", "tax"]);
    }

    [Fact]
    public async Task However_many_instances_handle_a_cause_at_once_it_has_one_effect()
    {
        var opened = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _store.ReactAsync(opened, "tax", Append(Accounts.Deposited), Cancellation)));

        (await _store.ReadStreamAsync(opened.StreamId, Cancellation)).Select(e => e.Type).ShouldBe(["AccountOpened", "MoneyDeposited"]);
    }

    [Fact]
    public async Task A_read_that_does_not_have_the_cause_yet_is_no_ground_for_a_decision()
    {
        var opened = await OpenAsync();
        var notThereYet = opened with { Version = 3 };

        await Should.ThrowAsync<StaleReadException>(() => _store.ReactAsync(notThereYet, "tax", Append(Accounts.Deposited), Cancellation));
    }

    private static Decide Append(params object[] events) => (_, _) => ValueTask.FromResult<IReadOnlyList<object>>(events);

    private async Task<RecordedEvent> OpenAsync() =>
        (await _store.AppendAsync(Accounts.NewId(), CosmosEventStore.NoStream, [Accounts.Opened], new AppendContext("test"), Cancellation))[0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
