namespace ChangeFeed.MassTransit;

/// <summary>What an endpoint does with an event it cannot handle, after all retries.</summary>
public enum FailurePolicy
{
    /// <summary>
    /// The stream is parked: this event and the later ones of the same stream wait, in order, in the dead-letter container until someone
    /// replays or discards them. All other streams go on. The default.
    /// </summary>
    Park,

    /// <summary>
    /// The event is tried again without end, with pauses of up to 30 seconds; its partition cannot get past it, and health says so. For
    /// readers that must have no gap.
    /// </summary>
    Block,

    /// <summary>The event is kept in the dead-letter container and passed over; later events of the same stream are handled.</summary>
    Skip,
}
