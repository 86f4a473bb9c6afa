namespace ChangeFeed.EventStore;

/// <summary>The stream has moved since the caller read it. Nothing was written; read again and decide again.</summary>
public sealed class WrongExpectedVersionException(string streamId, long expectedVersion)
    : Exception($"Stream '{streamId}' is no longer at version {expectedVersion}.")
{
    /// <summary>The stream.</summary>
    public string StreamId { get; } = streamId;

    /// <summary>The version the caller expected it to have.</summary>
    public long ExpectedVersion { get; } = expectedVersion;
}
