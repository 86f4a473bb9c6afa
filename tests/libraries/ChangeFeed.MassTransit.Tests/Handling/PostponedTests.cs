using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.MassTransit.Tests.Handling;

/// <summary>A service may do something better with an event than to have its stream parked.</summary>
public sealed class PostponedTests : IEventDispatcher
{
    private readonly InMemoryDeadLetters _store = new(new Random(1));
    private readonly EndpointStatus _state = new(TimeProvider.System);
    private readonly List<RecordedEvent> _asked = [];
    private Func<bool> _answer = () => true;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_is_taken_care_of_is_not_parked()
    {
        (await Handling().HandleAsync(Item, Stop)).ShouldBeNull();

        _store.All.ShouldBeEmpty();
        _asked.ShouldHaveSingleItem().StreamId.ShouldBe("a");
    }

    [Fact]
    public async Task One_that_is_not_is_parked()
    {
        _answer = () => false;

        (await Handling().HandleAsync(Item, Stop)).ShouldBeNull();

        _store.All.OfType<ParkedStream>().ShouldHaveSingleItem().StreamId.ShouldBe("a");
    }

    [Fact]
    public async Task Where_it_cannot_be_taken_care_of_the_event_waits_and_is_not_lost()
    {
        var handling = Handling();
        _answer = () => throw new InvalidOperationException("the store is away");
        (await handling.HandleAsync(Item, Stop)).ShouldNotBeNull();
        _state.BlockedOn.Single().Error.ShouldBe("Could not be put aside: the store is away");

        _answer = () => true;
        (await handling.HandleAsync(Item, Stop)).ShouldBeNull();

        _state.BlockedOn.ShouldBeEmpty();
        _store.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_nobody_can_read_is_parked_without_asking()
    {
        var unreadable = FeedItem.Read("0", TestEvents.Parse("""{"streamId":"b","version":1,"type":"ThingHappened","schema":1,"data":7,"meta":{}}"""));

        await Handling().HandleAsync(unreadable, Stop);

        _asked.ShouldBeEmpty();
        _store.All.OfType<ParkedStream>().Count().ShouldBe(1);
    }

    bool IEventDispatcher.Wants(Type type) => true;

    Task<DispatchResult> IEventDispatcher.DispatchAsync(RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken) =>
        Task.FromResult(new DispatchResult(new TimeoutException("no answer"), 6));

    private static FeedItem Item => FeedItem.Read("0", TestEvents.Document("a", 0, new ThingHappened(1)));

    private EventHandling Handling()
    {
        var gate = new EndpointGate("test", null, new StreamLimit(), TimeProvider.System, NullLogger.Instance);
        return new EventHandling(
            "test", FailurePolicy.Park, TestEvents.Map, this, new Parking("test", _store, new ChangeFeedOptions(), TimeProvider.System), gate, _state,
            TimeSpan.FromMinutes(1), TimeProvider.System, NullLogger.Instance, postpone: (e, _, _, _) =>
            {
                _asked.Add(e);
                return Task.FromResult(_answer());
            });
    }
}
