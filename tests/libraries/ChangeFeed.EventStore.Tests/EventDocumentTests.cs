using System.Text.Json;

namespace ChangeFeed.EventStore.Tests;

public sealed class EventDocumentTests
{
    private static readonly RecordedEvent Event = new(
        "account-1", 3, "AccountClosed", 1, Accounts.Closed,
        new EventMeta(Guid.NewGuid(), new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero), "closing", "account-1",
            Guid.NewGuid(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "host-4711"));

    [Fact]
    public void It_has_the_stored_form_the_documentation_shows()
    {
        var json = JsonDocument.Parse(EventDocument.Write(Event, Accounts.Map)).RootElement;
        json.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "streamId", "version", "type", "schema", "data", "meta"]);
        json.GetProperty("id").GetString().ShouldBe("3");
        json.GetProperty("meta").EnumerateObject().Select(p => p.Name)
            .ShouldBe(["eventId", "at", "by", "correlationId", "causationId", "traceparent", "instance"]);
    }

    [Fact]
    public void What_is_written_is_read_again() =>
        EventDocument.Read(JsonDocument.Parse(EventDocument.Write(Event, Accounts.Map)).RootElement, Accounts.Map).ShouldBe(Event);

    [Fact]
    public void What_was_stored_before_events_named_their_instance_is_read_without_it()
    {
        var old = Event with { Meta = Event.Meta with { Instance = null } };
        var json = JsonDocument.Parse(EventDocument.Write(old, Accounts.Map)).RootElement;

        json.GetProperty("meta").TryGetProperty("instance", out _).ShouldBeFalse();
        EventDocument.Read(json, Accounts.Map).ShouldBe(old);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "'streamId' is not a text")]
    [InlineData("""{"streamId":""}""", "'streamId' is not a text")]
    [InlineData("""{"streamId":"s"}""", "'version' is not a whole number of at least 0")]
    [InlineData("""{"streamId":"s","version":-1}""", "'version' is not a whole number of at least 0")]
    [InlineData("""{"streamId":"s","version":1.5}""", "'version' is not a whole number of at least 0")]
    [InlineData("""{"streamId":"s","version":1,"type":7}""", "'type' is not a text")]
    [InlineData("""{"streamId":"s","version":1,"type":"T","schema":0}""", "'schema' is not a whole number of at least 1")]
    [InlineData("""{"streamId":"s","version":1,"type":"T","schema":9999999999}""", "'schema' is not a whole number of at least 1")]
    [InlineData("""{"streamId":"s","version":1,"type":"T","schema":1}""", "no 'data'")]
    [InlineData("""{"streamId":"s","version":1,"type":"T","schema":1,"data":{}}""", "no object 'meta'")]
    [InlineData("""{"streamId":"s","version":1,"type":"T","schema":1,"data":{},"meta":{}}""", "'meta.eventId' is not a UUID")]
    public void A_document_that_is_no_event_is_refused_naming_what_is_wrong(string json, string message)
    {
        var exception = Should.Throw<Exception>(() => EventDocument.Read(JsonDocument.Parse(json).RootElement, Types));
        exception.ShouldBeOfType<EventDocumentException>().Message.ShouldContain(message);
    }

    [Fact]
    public void The_header_of_an_unknown_type_can_still_be_read() =>
        EventDocument.ReadHeader(JsonDocument.Parse("""{"streamId":"s","version":1,"type":"Nonsense","schema":9}""").RootElement)
            .ShouldBe(new EventHeader("s", 1, "Nonsense", 9));

    private static EventTypeMap Types { get; } = new EventTypeMap().Add(AccountJson.Default.AccountClosed, name: "T");
}
