using ChangeFeed.MassTransit.Engine;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>How much an endpoint may do: nothing while paused or while its kill switch is tripped, one event at a time while probing.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="settings">The kill switch; null for none.</param>
/// <param name="limit">Told how many streams a partition may handle at once, whenever that changes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed class EndpointGate(string endpoint, KillSwitchSettings? settings, StreamLimit limit, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private readonly Lock _updating = new();
    private readonly KillSwitch? _switch = settings is null ? null : new KillSwitch(settings, time);

    /// <summary>The command that paused the endpoint; null while it is not paused.</summary>
    public EndpointControl? PausedBy { get; private set; }

    public KillSwitchState State => _switch?.State ?? KillSwitchState.Closed;

    /// <summary>What the events failed with that tripped the switch.</summary>
    public string? Cause => _switch?.Cause;

    /// <summary>When the next event is tried.</summary>
    public DateTimeOffset? ProbeAt => _switch?.ProbeAt;

    /// <summary>True while the switch is not closed: a failed event had better wait than be parked with all others.</summary>
    public bool HoldsFailures => State != KillSwitchState.Closed;

    public void Apply(EndpointControl? control)
    {
        var paused = control is { Paused: true } ? control : null;
        if (paused is not null && PausedBy is null)
            logger.LogWarning("{Endpoint}: paused by {By}: {Reason}", endpoint, paused.By, paused.Reason);
        else if (paused is null && PausedBy is not null)
            logger.LogInformation("{Endpoint}: resumed by {By}.", endpoint, control?.By);
        else
            return;
        PausedBy = paused;
        Update();
    }

    /// <summary>Lets an event begin. Null when it has to wait.</summary>
    public Permit? Begin()
    {
        if (_switch is null)
            return default(Permit);
        var permit = _switch.Begin();
        if (permit is { IsProbe: true })
        {
            Update();
            TickLater();
        }

        return permit;
    }

    /// <summary>Notes how an event ended.</summary>
    /// <param name="permit">What it began with.</param>
    /// <param name="failed">Null when its end says nothing about the downstream.</param>
    /// <param name="error">What it failed with.</param>
    public void End(Permit permit, bool? failed, string? error = null)
    {
        if (_switch is null)
            return;
        var changed = _switch.End(permit, failed, error);
        if (changed && _switch.State == KillSwitchState.Tripped)
        {
            logger.LogError(
                "{Endpoint}: the kill switch tripped; one event is tried at {ProbeAt}. Last failure: {Cause}", endpoint, _switch.ProbeAt, _switch.Cause);
            TickLater();
        }
        else if (changed)
            logger.LogInformation("{Endpoint}: the kill switch is closed again.", endpoint);
        if (changed || permit.IsProbe)
            Update();
    }

    private void TickLater()
    {
        if (_switch!.DueAt is { } due)
            _ = TickAtAsync(due);
    }

    // Ends by itself when the switch moved on.
    private async Task TickAtAsync(DateTimeOffset due)
    {
        while (_switch!.DueAt == due)
        {
            // A timer may fire a moment before the clock says so.
            var left = due - time.GetUtcNow();
            await Task.Delay(left > ShortestWait ? left : ShortestWait, time);
            if (_switch.Tick())
                Update();
        }
    }

    // One after the other, so that the last one tells the last state.
    private void Update()
    {
        lock (_updating)
        {
            // While probing, whichever event comes first is the probe, and closes the door behind it.
            limit.Set(PausedBy is null && _switch is not { IsOpenForEvents: false } ? int.MaxValue : 0);
        }
    }
}
