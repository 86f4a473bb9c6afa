namespace ChangeFeed.EventStore;

/// <summary>The stream as read ends before an event that is known to be in it. Transient: the replica catches up.</summary>
public sealed class StaleReadException(string streamId, long version)
    : Exception($"Stream '{streamId}' was read without its event {version}; the replica has not caught up yet.");
