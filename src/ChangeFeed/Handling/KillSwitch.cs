namespace OrderPipeline.ChangeFeed.Handling;

/// <summary>
/// Stops an endpoint whose downstream is sick, instead of burning the retries of every event and parking them all. After a pause one
/// event is tried; its result decides. Only time and results go in.
/// </summary>
internal sealed class KillSwitch(KillSwitchSettings settings, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, bool Failed)> _window = new();
    private int _failed;

    public KillSwitchState State { get; private set; }

    public DateTimeOffset? ProbeAt { get; private set; }

    public string? Cause { get; private set; }

    /// <summary>Notes a result. True when it changed the state.</summary>
    public bool Note(bool failed, string? error = null)
    {
        lock (_lock)
        {
            if (State == KillSwitchState.Probing)
            {
                if (failed)
                    Trip(error);
                else
                    Close();
                return true;
            }

            if (State == KillSwitchState.Tripped)
                return false; // what was still running when it tripped
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
    }

    /// <summary>Begins to probe when the pause is over. True when it did.</summary>
    public bool Tick()
    {
        lock (_lock)
        {
            if (State != KillSwitchState.Tripped || time.GetUtcNow() < ProbeAt)
                return false;
            State = KillSwitchState.Probing;
            return true;
        }
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
