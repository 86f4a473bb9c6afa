using ChangeFeed.EventStore;

namespace ChangeFeed.Timers;

/// <summary>
/// What a reaction decides beside events: that one is to follow later. Deciding it again for the same cause is the same timer.
/// </summary>
/// <param name="Timer">Which timer: a name a handler is registered for. One cause has at most one timer of a name.</param>
/// <param name="After">How long after the store wrote the cause; more than zero, and rounded up to whole seconds.</param>
/// <param name="Event">
/// The event that is due then; its type must be registered. It is kept as it is, where nothing is sealed or erased: no personal data.
/// </param>
public sealed record Schedule(string Timer, TimeSpan After, object Event)
{
    /// <summary>Counts from the moment the timer is made instead: for what follows from a failure, whose cause may be long ago.</summary>
    public bool FromNow { get; init; }
}

/// <summary>What a reaction decides beside events: that a timer is not needed any more. One that is gone already is no failure.</summary>
/// <param name="Timer">Which timer.</param>
/// <param name="CauseVersion">Version of the event it was made for.</param>
public sealed record CancelTimer(string Timer, long CauseVersion);

/// <summary>
/// Decides what follows when a timer is due, on the stream as it stands then: the stream may have gone on, and nothing need follow any more.
/// Called again, with the longer stream, when another writer was faster.
/// </summary>
/// <param name="due">The event the timer was made with.</param>
/// <param name="stream">The events of the stream.</param>
/// <returns>The events that follow; none when nothing does.</returns>
public delegate IReadOnlyList<object> DecideWhenDue(object due, IReadOnlyList<RecordedEvent> stream);

/// <summary>A timer this service fires.</summary>
/// <param name="Name">Its name; also <c>by</c> in the events that follow.</param>
/// <param name="Endpoint">While this endpoint is paused, no timer of this name fires.</param>
/// <param name="Decide">What follows when it is due.</param>
public sealed record TimerHandler(string Name, string Endpoint, DecideWhenDue Decide);
