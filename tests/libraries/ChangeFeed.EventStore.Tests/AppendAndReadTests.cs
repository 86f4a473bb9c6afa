
namespace ChangeFeed.EventStore.Tests;

public sealed class AppendAndReadTests(EventStoreFixture fixture) : IClassFixture<EventStoreFixture>
{
    private static readonly AppendContext Context = new("test");
    private readonly CosmosEventStore _store = fixture.Store;

    [Fact]
    public async Task What_is_appended_is_read_in_order()
    {
        var id = Accounts.NewId();
        var first = await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened], Context, Cancellation);
        var more = await _store.AppendAsync(id, 0, [Accounts.Deposited, Accounts.Closed], new AppendContext("test", first[0]), Cancellation);

        var read = await _store.ReadStreamAsync(id, Cancellation);

        read.Select(e => e.Version).ShouldBe([0, 1, 2]);
        read.Select(e => e.Meta).ShouldBe([.. first.Select(e => e.Meta), .. more.Select(e => e.Meta)]);
        read.Skip(1).ShouldAllBe(e => e.Meta.CausationId == first[0].Meta.EventId && e.Meta.CorrelationId == id);
        read[1].Data.ShouldBe(Accounts.Deposited);
    }

    [Fact]
    public async Task A_part_of_a_stream_can_be_read()
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened, .. Enumerable.Repeat(Accounts.Deposited, 14)], Context, Cancellation);

        var versions = new List<long>();
        await foreach (var e in _store.ReadAsync(id, 3, 12, Cancellation))
            versions.Add(e.Version);

        versions.ShouldBe(Enumerable.Range(3, 10).Select(v => (long)v));
        (await _store.ReadEventAsync(id, 14, Cancellation))!.Type.ShouldBe("MoneyDeposited");
        (await _store.ReadEventAsync(id, 15, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_empty() => (await _store.ReadStreamAsync(Accounts.NewId(), Cancellation)).ShouldBeEmpty();

    [Theory]
    [InlineData(CosmosEventStore.NoStream)]
    [InlineData(0)]
    public async Task The_second_writer_of_a_version_is_refused_and_nothing_is_written(long expected)
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened, Accounts.Deposited], Context, Cancellation);

        var refused = await Should.ThrowAsync<WrongExpectedVersionException>(
            () => _store.AppendAsync(id, expected, [Accounts.Deposited, Accounts.Closed], Context, Cancellation));

        (refused.StreamId, refused.ExpectedVersion).ShouldBe((id, expected));
        (await _store.ReadStreamAsync(id, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_many_writers_at_once_exactly_one_wins_each_version()
    {
        var id = Accounts.NewId();
        await _store.AppendAsync(id, CosmosEventStore.NoStream, [Accounts.Opened], Context, Cancellation);

        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                await _store.AppendAsync(id, 0, [Accounts.Deposited], Context, Cancellation);
                return 1;
            }
            catch (WrongExpectedVersionException)
            {
                return 0;
            }
        }));

        won.Sum().ShouldBe(1);
        (await _store.ReadStreamAsync(id, Cancellation)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_whose_answer_was_lost_and_that_the_sdk_sends_again_succeeds_once(int events)
    {
        var id = Accounts.NewId();
        fixture.Spy.SendNextWriteTwice();

        await _store.AppendAsync(id, CosmosEventStore.NoStream, [.. Enumerable.Repeat<object>(Accounts.Opened, events)], Context, Cancellation);

        (await _store.ReadStreamAsync(id, Cancellation)).Count.ShouldBe(events);
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_before_anything_is_sent()
    {
        await Should.ThrowAsync<ArgumentException>(() => _store.AppendAsync(" ", -1, [Accounts.Opened], Context, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _store.AppendAsync("s", -2, [Accounts.Opened], Context, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _store.AppendAsync("s", -1, [], Context, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => _store.AppendAsync("s", -1, [.. Enumerable.Repeat<object>(Accounts.Opened, 101)], Context, Cancellation));
        await Should.ThrowAsync<UnknownEventException>(() => _store.AppendAsync("s", -1, ["not an event"], Context, Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
