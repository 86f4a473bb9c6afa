using ChangeFeed.MassTransit.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>What reaches which consumer, and what it looks like there.</summary>
public sealed class DeliveryTests : RiderTest
{
    [Fact]
    public async Task A_consumer_gets_its_event_with_stream_version_and_origin()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());
        var cause = Guid.NewGuid();

        _feed.Append(TestEvents.Document(TestEvents.Record("order-1", 3, new ThingHappened(7), cause: cause)));

        var recorded = await _seen.NextAsync();
        recorded.StreamId.ShouldBe("order-1");
        recorded.Version.ShouldBe(3);
        recorded.Data.ShouldBe(new ThingHappened(7));
        recorded.Meta.CausationId.ShouldBe(cause);
    }

    [Fact]
    public async Task A_consumer_of_recorded_events_gets_every_event()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<EverythingConsumer>());

        _feed.Append(
            0, TestEvents.Document("a", 0, new ThingHappened(1)), TestEvents.Document("a", 1, new OtherHappened("x")),
            TestEvents.Document("a", 2, new NobodyCares(2)));

        (await _seen.NextAsync()).Data.ShouldBe(new ThingHappened(1));
        (await _seen.NextAsync()).Data.ShouldBe(new OtherHappened("x"));
        (await _seen.NextAsync()).Data.ShouldBe(new NobodyCares(2));
    }

    [Fact]
    public async Task A_consumer_of_an_interface_gets_the_events_that_implement_it()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<InterfaceConsumer>());

        _feed.Append(0, TestEvents.Document("a", 0, new NobodyCares(1)), TestEvents.Document("a", 1, new OtherHappened("x")));

        (await _seen.NextAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task What_no_consumer_wants_is_checkpointed_without_being_bound()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>());

        _feed.Append(0, TestEvents.Parse("""{"streamId":"a","version":0,"type":"NobodyCares","schema":1,"data":"not what it should be","meta":{}}"""));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        _seen.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_type_is_passed_over()
    {
        var parking = new InMemoryParking();
        await using var rider = await StartAsync(e => e.AddConsumer<EverythingConsumer>(), parking);

        _feed.Append(0, TestEvents.Parse("""{"streamId":"a","version":0,"type":"FromElsewhere","schema":1}"""));

        await Eventually.UntilAsync(_feed.IsCheckpointedToTheEnd, "the checkpoint");
        parking.Letters.ShouldBeEmpty();
        rider.Log.Lines.ShouldContain(l => l.Level == LogLevel.Debug && l.Text.Contains("FromElsewhere"));
    }

    [Fact]
    public async Task What_a_consumer_logs_carries_the_event_and_its_stream()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<TalkingConsumer>(), new InMemoryParking());

        _feed.Append(0, Things("talk", 1).Single());

        await Eventually.UntilAsync(() => rider.Log.Lines.Any(line => line.Text == "handled"), "the consumer's own line");
        rider.Log.Lines.First(line => line.Text == "handled").Scope
            .ShouldBe("ThingHappened at version 0 of stream talk");
    }

    [Fact]
    public async Task The_test_harness_sees_what_is_consumed()
    {
        await using var rider = await StartAsync(e => e.AddConsumer<ThingConsumer>(), services: s => s.AddMassTransitTestHarness());

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(1)));

        var harness = rider.Host.Services.GetRequiredService<global::MassTransit.Testing.ITestHarness>();
        (await harness.Consumed.Any<ThingHappened>(TestContext.Current.CancellationToken)).ShouldBeTrue();
    }
}
