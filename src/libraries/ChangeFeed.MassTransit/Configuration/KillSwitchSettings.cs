namespace ChangeFeed.MassTransit;

/// <summary>When a kill switch trips, and for how long.</summary>
/// <param name="Threshold">Share of failed events that trips it; 0.5 is half. Above 0, at most 1.</param>
/// <param name="Minimum">Events in the window before it may trip; at least 1.</param>
/// <param name="Window">Time over which events are counted.</param>
/// <param name="Pause">
/// How long it stays tripped before one event is tried, and how long that one may take before another is tried beside it.
/// </param>
public sealed record KillSwitchSettings(double Threshold, int Minimum, TimeSpan Window, TimeSpan Pause);

/// <summary>Where a kill switch stands.</summary>
public enum KillSwitchState
{
    /// <summary>Events flow.</summary>
    Closed,

    /// <summary>Nothing is handled: too many failed.</summary>
    Tripped,

    /// <summary>One event at a time is tried.</summary>
    Probing,
}
