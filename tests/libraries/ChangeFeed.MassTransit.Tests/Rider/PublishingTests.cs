using ChangeFeed.MassTransit.Tests.Support;
using MassTransit;

namespace ChangeFeed.MassTransit.Tests.Rider;

/// <summary>What a consumer publishes because of an event.</summary>
public sealed class PublishingTests : RiderTest
{
    [Fact]
    public async Task The_message_has_the_identities_of_the_event_and_can_be_published_from()
    {
        await using var rider = await StartAsync(
            e => e.AddConsumer<PublishingConsumer>(),
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));
        var stream = Guid.NewGuid().ToString();
        var e = TestEvents.Record(stream, 0, new ThingHappened(5));

        _feed.Append(TestEvents.Document(e));

        await Eventually.UntilAsync(() => _seen.Notices.Count == 1, "the notice");
        var notice = _seen.Notices.Single();
        notice.Number.ShouldBe(5);
        notice.MessageId.ShouldBe(e.Meta.EventId);
        notice.ConversationId.ShouldBe(Guid.Parse(stream));
    }

    [Fact]
    public async Task What_is_published_because_of_an_event_has_the_same_id_at_every_delivery_and_attempt()
    {
        _seen.FailFirst = 1; // the first attempt publishes, then fails
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<PublishingConsumer>();
                e.Retry(r => r.Immediate(1));
            },
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));
        var document = TestEvents.Document("a", 0, new ThingHappened(5));

        _feed.Append(0, document, document, TestEvents.Document("b", 0, new ThingHappened(6)));

        await Eventually.UntilAsync(() => _seen.Notices.Count == 4, "three deliveries, one of them twice");
        _seen.Notices.Where(n => n.Number == 5).Select(n => n.PublishedId).Distinct().Count().ShouldBe(1);
        _seen.Notices.Select(n => n.PublishedId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Filters_and_the_in_memory_outbox_of_MassTransit_work_on_an_endpoint()
    {
        _seen.FailFirst = 1;
        await using var rider = await StartAsync(
            e =>
            {
                e.AddConsumer<PublishingConsumer>();
                e.Retry(r => r.Immediate(1));
                e.Configure((context, endpoint) => endpoint.UseInMemoryOutbox(context));
            },
            feed: f => f.Bus(bus =>
            {
                bus.AddConsumer<NoticeConsumer>();
                bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
            }));

        _feed.Append(TestEvents.Document("a", 0, new ThingHappened(5)));

        await _seen.NextAsync();
        await Eventually.UntilAsync(() => _seen.Notices.Count > 0, "the notice");
        _seen.Notices.Count.ShouldBe(1); // the failed attempt published nothing
    }
}
