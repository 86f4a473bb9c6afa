namespace ChangeFeed.EventStore;

/// <summary>An event as it stands in its stream: immutable, with its place and its origin.</summary>
/// <param name="StreamId">The stream; for orders the order id.</param>
/// <param name="Version">Position in the stream, from 0 without gaps.</param>
/// <param name="Type">Stored name of the event's type.</param>
/// <param name="Schema">Schema version of the stored data; <see cref="Data"/> is already upcast to the current one.</param>
/// <param name="Data">The event itself, one of the registered CLR types.</param>
/// <param name="Meta">Who, when, and because of what.</param>
public sealed record RecordedEvent(string StreamId, long Version, string Type, int Schema, object Data, EventMeta Meta);

/// <summary>Where an event came from.</summary>
/// <param name="EventId">Identity of the event; deterministic for reactions, so that doing one twice gives the same id.</param>
/// <param name="At">When the writer decided it, UTC.</param>
/// <param name="By">The service (or agent) that appended it.</param>
/// <param name="CorrelationId">The same for everything that followed from one request; the order id for orders.</param>
/// <param name="CausationId"><see cref="EventId"/> of the event that caused this one; null for commands from outside.</param>
/// <param name="TraceParent">W3C trace context of the span that appended the event.</param>
/// <param name="Instance">The instance of the service that appended it; null in events from before instances said so.</param>
public sealed record EventMeta(
    Guid EventId,
    DateTimeOffset At,
    string By,
    string CorrelationId,
    Guid? CausationId = null,
    string? TraceParent = null,
    string? Instance = null);
