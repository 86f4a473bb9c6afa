using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.MassTransit.Tests.DeadLetters;

/// <summary>What is put aside is one logical partition, which must not fill up.</summary>
public sealed class ParkingLimitTests
{
    private static readonly HandlingFailure Failure = new(new InvalidOperationException(new string('x', 100_000)), 6);

    private readonly InMemoryDeadLetters _store = new(new Random(1));
    private readonly Parking _parking;

    public ParkingLimitTests() =>
        _parking = new Parking("test", _store, new ChangeFeedOptions { MaxParkedStreams = 2, KeepSettled = TimeSpan.FromDays(3) }, TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_the_limit_no_further_stream_is_parked_and_what_belongs_to_a_parked_one_is()
    {
        await _parking.ParkAsync(Item("a", 0), Failure, Stop);
        await _parking.ParkAsync(Item("b", 0), Failure, Stop);

        var refused = await Should.ThrowAsync<InvalidOperationException>(_parking.ParkAsync(Item("c", 0), Failure, Stop));
        (await _parking.TryQueueAsync(Item("a", 1), Stop)).ShouldBeTrue();

        refused.Message.ShouldBe("test has 2 parked streams, as many as ChangeFeed:MaxParkedStreams allows. Replay or discard some.");
        _store.All.OfType<DeadLetter>().Select(letter => letter.StreamId).ShouldBe(["a", "b", "a"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_event_that_cannot_be_put_aside_waits_and_the_endpoint_says_so_until_there_is_room()
    {
        var (state, limit) = (new EndpointStatus(TimeProvider.System), new StreamLimit());
        var gate = new EndpointGate("test", null, limit, TimeProvider.System, NullLogger.Instance);
        var handling = new EventHandling(
            "test", FailurePolicy.Park, TestEvents.Map, new FailingDispatcher(), _parking, gate, state, TimeSpan.FromMinutes(1), TimeProvider.System,
            NullLogger.Instance);
        await handling.HandleAsync(Item("a", 0), Stop);
        await handling.HandleAsync(Item("b", 0), Stop);
        var third = Item("c", 0);

        (await handling.HandleAsync(third, Stop)).ShouldNotBeNull();
        state.BlockedOn.Single().Error.ShouldStartWith("Could not be put aside: test has 2 parked streams");
        _parking.Free("a");
        (await handling.HandleAsync(third, Stop)).ShouldBeNull();
        state.BlockedOn.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_settled_goes_away_after_a_while_what_waits_does_not_and_no_message_makes_a_letter_large()
    {
        await _parking.ParkAsync(Item("a", 0), Failure, Stop);
        await _parking.SkipAsync(Item("b", 0), Failure, Stop);
        _store.All.OfType<ParkedStream>().Single().Error!.Length.ShouldBe(2000);
        _store.All.OfType<DeadLetter>().ShouldAllBe(letter => letter.Error!.Message.Length == 2000);
        _store.All.OfType<DeadLetter>().Single(letter => letter.Status == DeadLetterStatus.Waiting).Ttl.ShouldBeNull();
        var request =
            new DeadLetterRequest
            {
                Id = "request.1",
                Endpoint = "test",
                StreamId = "a",
                Action = DeadLetterAction.Discard,
                By = "ada",
                At = DateTimeOffset.UnixEpoch
            };
        _store.Create(request);

        await new RequestRunner(_store, _parking, (_, _) => Task.FromResult<HandlingFailure?>(null), TimeProvider.System).RunAsync(request, Stop);

        _store.All.Count.ShouldBe(4);
        _store.All.ShouldAllBe(document => document.Ttl == (int)TimeSpan.FromDays(3).TotalSeconds);
    }

    private static FeedItem Item(string stream, long version) => FeedItem.Read("0", TestEvents.Document(stream, version, new ThingHappened((int)version)));

    private sealed class FailingDispatcher : IEventDispatcher
    {
        public bool Wants(Type type) => true;

        public Task<DispatchResult> DispatchAsync(EventStore.RecordedEvent e, FeedDelivery delivery, CancellationToken cancellationToken) =>
            Task.FromResult(new DispatchResult(new InvalidOperationException("broken"), 1));
    }
}
