namespace ChangeFeed.MassTransit.Engine;

/// <summary>How many streams each partition of an endpoint may handle at once: set by the gate of the endpoint, heeded by its sessions.</summary>
internal sealed class StreamLimit
{
    private readonly Lock _lock = new();
    private readonly HashSet<StreamLanes> _lanes = [];
    private int _streams = int.MaxValue;

    /// <summary>At most so many from now on; 0 handles nothing. Leases are kept, so nothing moves to another instance.</summary>
    public void Set(int streams)
    {
        lock (_lock)
        {
            _streams = streams;
            foreach (var lanes in _lanes)
                lanes.SetLimit(streams);
        }
    }

    /// <summary>Applies to a partition from now on.</summary>
    public void Add(StreamLanes lanes)
    {
        lock (_lock)
        {
            _lanes.Add(lanes);
            lanes.SetLimit(_streams);
        }
    }

    /// <summary>The session of the partition has ended.</summary>
    public void Remove(StreamLanes lanes)
    {
        lock (_lock)
            _lanes.Remove(lanes);
    }
}
