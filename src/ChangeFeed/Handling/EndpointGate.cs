using Microsoft.Extensions.Logging;

namespace OrderPipeline.ChangeFeed.Handling;

/// <summary>How much an endpoint may do: nothing while paused or while its kill switch is tripped, one event at a time while probing.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="settings">The kill switch; null for none.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed class EndpointGate(string endpoint, KillSwitchSettings? settings, TimeProvider time, ILogger logger)
{
    private readonly Lock _updating = new();
    private readonly KillSwitch? _switch = settings is null ? null : new KillSwitch(settings, time);

    /// <summary>Told the number of streams a partition may handle at once, whenever it changes.</summary>
    public Action<int> SetLimit { get; set; } = _ => { };

    /// <summary>The order that paused the endpoint; null while it is not paused.</summary>
    public EndpointControl? PausedBy { get; private set; }

    public KillSwitchState State => _switch?.State ?? KillSwitchState.Closed;

    /// <summary>What the events failed with that tripped the switch.</summary>
    public string? Cause => _switch?.Cause;

    /// <summary>When the next event is tried.</summary>
    public DateTimeOffset? ProbeAt => _switch?.ProbeAt;

    /// <summary>True when a failed event is to wait, instead of being parked with everything else the downstream cannot take now.</summary>
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

    /// <summary>Notes how an event ended.</summary>
    public void Note(Exception? failure)
    {
        if (_switch is null || !_switch.Note(failure is not null, failure?.Message))
            return;
        if (_switch.State == KillSwitchState.Tripped)
        {
            logger.LogError("{Endpoint}: the kill switch tripped; one event is tried at {ProbeAt}. Last failure: {Cause}", endpoint, _switch.ProbeAt, _switch.Cause);
            _ = ProbeLaterAsync();
        }
        else
            logger.LogInformation("{Endpoint}: the kill switch is closed again.", endpoint);
        Update();
    }

    private async Task ProbeLaterAsync()
    {
        // A timer may fire a moment before the clock says so.
        for (var pause = settings!.Pause; !_switch!.Tick(); pause = TimeSpan.FromMilliseconds(10))
            await Task.Delay(pause, time);
        Update();
    }

    // One after the other, so that the last one tells the last state.
    private void Update()
    {
        lock (_updating)
        {
            SetLimit(PausedBy is not null ? 0 : State switch
            {
                KillSwitchState.Tripped => 0,
                KillSwitchState.Probing => 1,
                _ => int.MaxValue,
            });
        }
    }
}
