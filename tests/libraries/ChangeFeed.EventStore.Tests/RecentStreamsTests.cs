using System.Text.Json;

namespace ChangeFeed.EventStore.Tests;

public sealed class RecentStreamsTests(EventStoreFixture fixture) : IClassFixture<EventStoreFixture>
{
    private readonly CosmosEventStore _store = fixture.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_stream_is_known_from_its_first_event_to_the_last_that_came()
    {
        var recent = new RecentStreams(Accounts.Map);
        Add(recent, "a", 0, Accounts.Opened);
        recent.Find("a", 0)!.Single().Data.ShouldBeOfType<AccountOpened>();
        Add(recent, "a", 1, Accounts.Deposited);

        recent.Find("a", 1)!.Select(e => e.Version).ShouldBe([0, 1]);
        recent.Find("a", 0)!.Count.ShouldBe(2);
        recent.Find("a", 2).ShouldBeNull();
        recent.Find("b", 0).ShouldBeNull();
    }

    [Fact]
    public void What_comes_again_changes_nothing_and_a_stream_with_a_gap_or_without_beginning_is_not_known()
    {
        var recent = new RecentStreams(Accounts.Map);
        Add(recent, "a", 0, Accounts.Opened);
        Add(recent, "a", 1, Accounts.Deposited);
        Add(recent, "a", 0, Accounts.Opened);
        Add(recent, "a", 1, Accounts.Deposited);
        recent.Find("a", 1)!.Count.ShouldBe(2);

        Add(recent, "a", 3, Accounts.Closed);
        recent.Find("a", 1).ShouldBeNull();
        Add(recent, "b", 1, Accounts.Deposited);
        recent.Find("b", 1).ShouldBeNull();
    }

    [Fact]
    public void A_document_that_was_repaired_makes_its_stream_unknown()
    {
        var recent = new RecentStreams(Accounts.Map);
        Add(recent, "a", 0, Accounts.Opened, etag: "1");
        Add(recent, "a", 0, Accounts.Opened, etag: "2");

        recent.Find("a", 0).ShouldBeNull();
    }

    [Fact]
    public void A_stream_with_an_event_that_cannot_be_read_is_not_known()
    {
        var recent = new RecentStreams(new EventTypeMap().Add(AccountJson.Default.AccountOpened));
        Add(recent, "a", 0, Accounts.Opened);
        Add(recent, "a", 1, Accounts.Closed);

        recent.Find("a", 1).ShouldBeNull();
    }

    [Fact]
    public void Only_the_most_recent_streams_are_kept()
    {
        var recent = new RecentStreams(Accounts.Map, maxStreams: 10);
        for (var i = 0; i < 1000; i++)
        {
            Add(recent, $"s{i}", 0, Accounts.Opened);
            recent.Find("s0", 0).ShouldNotBeNull(); // used all the time
        }

        Enumerable.Range(0, 1000).Count(i => recent.Find($"s{i}", 0) is not null).ShouldBeInRange(3, 11);
        recent.Find("s999", 0).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_reaction_on_a_known_stream_reads_nothing()
    {
        var (recent, deposited) = await DepositAsync();
        var queries = fixture.Spy.Queries;

        var reaction = await _store.ReactAsync(deposited, "tax", Close, recent, Cancellation);

        fixture.Spy.Queries.ShouldBe(queries);
        reaction.Events.Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Where_what_is_known_is_behind_the_append_is_refused_and_the_decision_made_on_the_stream_as_it_stands()
    {
        var (recent, deposited) = await DepositAsync();
        await _store.AppendAsync(deposited.StreamId, 1, [Accounts.Deposited], new AppendContext("test"), Cancellation);
        var seen = new List<int>();

        var reaction = await _store.ReactAsync(deposited, "tax", (stream, token) =>
        {
            seen.Add(stream.Count);
            return Close(stream, token);
        }, recent, Cancellation);

        seen.ShouldBe([2, 3]);
        reaction.Events.Single().Version.ShouldBe(3);
        recent.Find(deposited.StreamId, 1).ShouldBeNull();
    }

    [Fact]
    public async Task Where_nothing_follows_from_what_is_known_the_stream_is_read_because_no_append_finds_out_what_came_since()
    {
        var (recent, deposited) = await DepositAsync();
        await _store.AppendAsync(deposited.StreamId, 1, [Accounts.Deposited], new AppendContext("test"), Cancellation);

        var reaction = await _store.ReactAsync(
            deposited,
            "tax",
            (stream, token) => stream.Count > 2 ? Close(stream, token) : ValueTask.FromResult<IReadOnlyList<object>>([]),
            recent,
            Cancellation);

        reaction.Events.Single().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_cause_delivered_again_finds_what_it_did_although_that_is_not_known()
    {
        var (recent, deposited) = await DepositAsync();
        var first = await _store.ReactAsync(deposited, "tax", Close, recent, Cancellation);

        var again = await _store.ReactAsync(deposited, "tax", Close, recent, Cancellation);

        again.AlreadyDone.ShouldBeTrue();
        again.Events.Single().Meta.EventId.ShouldBe(first.Events.Single().Meta.EventId);
        (await _store.ReadStreamAsync(deposited.StreamId, Cancellation)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task After_a_failed_attempt_the_next_one_reads()
    {
        var (recent, deposited) = await DepositAsync();
        await Should.ThrowAsync<InvalidOperationException>(
            () => _store.ReactAsync(deposited, "tax", (_, _) => throw new InvalidOperationException("the gateway is down"), recent, Cancellation));
        var queries = fixture.Spy.Queries;

        await _store.ReactAsync(deposited, "tax", Close, recent, Cancellation);

        fixture.Spy.Queries.ShouldBe(queries + 1);
    }

    private async Task<(RecentStreams Recent, RecordedEvent Deposited)> DepositAsync()
    {
        var recent = new RecentStreams(Accounts.Map);
        var events = await _store.AppendAsync(
            Accounts.NewId(), CosmosEventStore.NoStream, [Accounts.Opened, Accounts.Deposited], new AppendContext("test"), Cancellation);
        foreach (var e in events)
            Add(recent, e);
        return (recent, events[1]);
    }

    private static ValueTask<IReadOnlyList<object>> Close(IReadOnlyList<RecordedEvent> stream, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<object>>([Accounts.Closed]);

    private static void Add(RecentStreams recent, string stream, long version, object data, string etag = "1")
    {
        var (name, schema) = Accounts.Map.Describe(data);
        var meta = new EventMeta(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "test", stream);
        Add(recent, new RecordedEvent(stream, version, name, schema, data, meta), etag);
    }

    private static void Add(RecentStreams recent, RecordedEvent e, string etag = "1")
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(EventDocument.Write(e, Accounts.Map))!.AsObject();
        json["_etag"] = etag;
        using var document = JsonDocument.Parse(json.ToJsonString());
        recent.Add(EventDocument.ReadHeader(document.RootElement), document.RootElement);
    }
}
