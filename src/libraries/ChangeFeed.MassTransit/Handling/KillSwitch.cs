namespace ChangeFeed.MassTransit.Handling;

/// <summary>Leave to handle an event.</summary>
/// <param name="Probe">The number of the probe it is; 0 for an event like any other.</param>
internal readonly record struct Permit(int Probe)
{
    /// <summary>True for the one event that is tried while the switch is probing.</summary>
    public bool IsProbe => Probe > 0;
}

/// <summary>
/// Stops an endpoint whose downstream is sick, instead of burning the retries of every event and parking them all. After a pause one
/// event is tried; its result decides, and nothing that was running before. Only time and results go in.
/// </summary>
internal sealed class KillSwitch(KillSwitchSettings settings, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, bool Failed)> _window = new();
    private int _failed;
    private int _probes;
    private int _probe;
    private DateTimeOffset _probeBegan;

    public KillSwitchState State { get; private set; }

    public DateTimeOffset? ProbeAt { get; private set; }

    public string? Cause { get; private set; }

    /// <summary>True while an event may begin.</summary>
    public bool IsOpenForEvents => State == KillSwitchState.Closed || (State == KillSwitchState.Probing && _probe == 0);

    /// <summary>When <see cref="Tick"/> has something to do; null for never.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            lock (_lock)
            {
                if (State == KillSwitchState.Probing && _probe != 0)
                    return _probeBegan + settings.Pause;
                return State == KillSwitchState.Tripped ? ProbeAt : null;
            }
        }
    }

    /// <summary>Lets an event begin. Null when it has to wait.</summary>
    public Permit? Begin()
    {
        lock (_lock)
        {
            if (!IsOpenForEvents)
                return null;
            if (State == KillSwitchState.Closed)
                return default(Permit);
            _probe = ++_probes;
            _probeBegan = time.GetUtcNow();
            return new Permit(_probe);
        }
    }

    /// <summary>Notes how an event ended. True when it changed the state.</summary>
    /// <param name="permit">What it began with.</param>
    /// <param name="failed">Null when its end says nothing about the downstream.</param>
    /// <param name="error">What it failed with.</param>
    public bool End(Permit permit, bool? failed, string? error = null)
    {
        lock (_lock)
        {
            if (!permit.IsProbe)
                return State == KillSwitchState.Closed && failed is { } result && Count(result, error);
            if (State != KillSwitchState.Probing || _probe != permit.Probe)
                return false; // given up
            _probe = 0;
            if (failed is null)
                return false; // the next event is tried
            if (failed.Value)
                Trip(error);
            else
                Close();
            return true;
        }
    }

    /// <summary>Begins to probe when the pause is over, and gives up a probe that takes longer than that. True when it did.</summary>
    public bool Tick()
    {
        lock (_lock)
        {
            if (DueAt is not { } due || time.GetUtcNow() < due)
                return false;
            State = KillSwitchState.Probing;
            _probe = 0;
            return true;
        }
    }

    private bool Count(bool failed, string? error)
    {
        var now = time.GetUtcNow();
        _window.Enqueue((now, failed));
        _failed += failed ? 1 : 0;
        while (_window.Peek().At < now - settings.Window)
            _failed -= _window.Dequeue().Failed ? 1 : 0;
        if (!failed || _window.Count < settings.Minimum || _failed < settings.Threshold * _window.Count)
            return false;
        Trip(error);
        return true;
    }

    private void Trip(string? error)
    {
        State = KillSwitchState.Tripped;
        ProbeAt = time.GetUtcNow() + settings.Pause;
        Cause = error;
    }

    private void Close()
    {
        State = KillSwitchState.Closed;
        ProbeAt = null;
        Cause = null;
        _window.Clear();
        _failed = 0;
    }
}
