namespace ChangeFeed.Emulator.Endpoints.Regions;

/// <summary>Where requests come into a region. Closing waits for those inside, so that its store can be closed then.</summary>
internal sealed class RegionDoor(Router router)
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _closed;
    private int _inside;

    /// <summary>Set once it listens.</summary>
    public Listener Listener { get; set; } = null!;

    public async Task HandleAsync(HttpContext http)
    {
        // Who asks for a region to be lost must not be waited for by the loss.
        var waitedFor = !http.Request.Path.StartsWithSegments("/_emulator");
        lock (_lock)
        {
            if (_closed)
            {
                http.Abort();
                return;
            }
            if (waitedFor)
                _inside++;
        }
        try
        {
            await router.HandleAsync(http);
        }
        finally
        {
            if (waitedFor)
                Leave();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0 && _closed)
                _empty.TrySetResult();
        }
    }

    public async Task CloseAsync(TimeSpan limit)
    {
        lock (_lock)
        {
            _closed = true;
            if (_inside == 0)
                _empty.TrySetResult();
        }
        await Listener.CutOffAsync();
        // Who is still inside after that reads from what is closed, and is told that it failed.
        await Task.WhenAny(_empty.Task, Task.Delay(limit));
    }
}
