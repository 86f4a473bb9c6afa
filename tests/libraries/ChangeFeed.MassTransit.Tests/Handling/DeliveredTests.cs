using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.MassTransit.Tests.Handling;

/// <summary>What a consumer is told of an event beside the event: whether it is new, and what follows it.</summary>
public sealed class DeliveredTests : IEventDispatcher
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RecentStreams _recent = new(TestEvents.Map);
    private readonly EventHandling _handling;
    private FeedDelivery? _delivery;

    public DeliveredTests()
    {
        var time = new FakeTimeProvider(Now);
        var gate = new EndpointGate("test", null, new StreamLimit(), time, NullLogger.Instance);
        _handling = new EventHandling(
            "test", FailurePolicy.Block, TestEvents.Map, this, null, gate, new EndpointStatus(time), TimeSpan.FromMinutes(1), time, NullLogger.Instance,
            _recent);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1, -60.0, true)]
    [InlineData(-4.9, -60.0, true)]
    [InlineData(-5.1, -60.0, false)] // old
    [InlineData(-1, -5.9, false)] // written so soon after the lease was taken that the clock of its writer may be the reason
    [InlineData(-1, -6.1, true)]
    [InlineData(-1, 0.0, false)] // written before: another may have handled it
    [InlineData(-1, null, false)] // replayed
    public async Task An_event_is_fresh_when_it_was_written_a_moment_ago_and_since_the_lease_was_taken(double writtenAt, double? ownedSince, bool isFresh)
    {
        var item = Item("a", 0, writtenAt, ownedSince);

        await _handling.HandleAsync(item, Stop);

        _delivery!.IsFresh.ShouldBe(isFresh);
    }

    [Fact]
    public async Task An_event_that_was_put_off_is_not_fresh()
    {
        var item = Item("a", 0, -1, -60);
        item.PutOff = 1;

        await _handling.HandleAsync(item, Stop);

        _delivery!.IsFresh.ShouldBeFalse();
    }

    [Fact]
    public async Task What_follows_in_the_stream_is_told_up_to_a_gap_or_what_cannot_be_read()
    {
        var items = Enumerable.Range(0, 3).Select(version => Item("a", version, -1, -60)).ToList();
        var gap = Item("a", 4, -1, -60);
        (items[0].Next, items[1].Next, items[2].Next) = (items[1], items[2], gap);
        await _handling.HandleAsync(items[0], Stop);
        _delivery!.Ahead.Select(e => e.Version).ShouldBe([1, 2]);

        var broken = FeedItem.Read("0", TestEvents.Parse("""{"streamId":"b","version":1,"type":"ThingHappened","schema":1,"data":7,"meta":{}}"""));
        var first = Item("b", 0, -1, -60);
        first.Next = broken;
        await _handling.HandleAsync(first, Stop);
        _delivery!.Ahead.ShouldBeEmpty();
    }

    [Fact]
    public void Every_document_makes_its_stream_known_wanted_or_not()
    {
        _handling.Saw(Item("a", 0, -1, -60));
        _handling.Saw(FeedItem.Read("0", TestEvents.Document("a", 1, new NobodyCares(1))));
        _handling.Saw(FeedItem.Read("0", TestEvents.Parse("17"))); // no event

        _recent.Find("a", 1)!.Count.ShouldBe(2);
    }

    bool IEventDispatcher.Wants(Type type) => true;

    Task<DispatchResult> IEventDispatcher.DispatchAsync(RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken)
    {
        _delivery = delivery;
        return Task.FromResult(new DispatchResult(null, 1));
    }

    private static FeedItem Item(string stream, long version, double writtenAt, double? ownedSince)
    {
        var e = TestEvents.Record(stream, version, new ThingHappened(1));
        e = e with { Meta = e.Meta with { At = Now.AddSeconds(writtenAt) } };
        return FeedItem.Read("0", TestEvents.Document(e)) with { OwnedSince = ownedSince is { } since ? Now.AddSeconds(since) : null };
    }
}
