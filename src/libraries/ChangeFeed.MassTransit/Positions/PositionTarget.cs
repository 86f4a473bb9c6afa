namespace ChangeFeed.MassTransit;

/// <summary>What a position is named by.</summary>
public enum PositionTargetKind
{
    /// <summary>A position that was saved under a name.</summary>
    Saved,

    /// <summary>A moment: the first event written in that second or later is the next one.</summary>
    Time,

    /// <summary>An event: it is the next one.</summary>
    Event,

    /// <summary>The first event of all is the next one.</summary>
    Beginning,

    /// <summary>Nothing that is there is handled any more; what comes is.</summary>
    Now,
}

/// <summary>Where an endpoint is to go on.</summary>
public sealed record PositionTarget
{
    private PositionTarget()
    {
    }

    /// <summary>What names it.</summary>
    public required PositionTargetKind Kind { get; init; }

    /// <summary>With <see cref="PositionTargetKind.Saved"/>, the name.</summary>
    public string? Name { get; init; }

    /// <summary>With <see cref="PositionTargetKind.Time"/>, the moment, UTC.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>With <see cref="PositionTargetKind.Event"/>, the stream.</summary>
    public string? StreamId { get; init; }

    /// <summary>With <see cref="PositionTargetKind.Event"/>, the version.</summary>
    public long? Version { get; init; }

    /// <summary>Only this partition, by its lease token; null for all. An event is in one partition, and only that one is moved.</summary>
    public string? Partition { get; init; }

    /// <summary>The first event of all.</summary>
    public static PositionTarget Beginning { get; } = new() { Kind = PositionTargetKind.Beginning };

    /// <summary>What comes from now on.</summary>
    public static PositionTarget Now { get; } = new() { Kind = PositionTargetKind.Now };

    /// <summary>A saved position.</summary>
    /// <param name="name">Its name.</param>
    public static PositionTarget Saved(string name) => new() { Kind = PositionTargetKind.Saved, Name = name };

    /// <summary>The first event written then or later. The store dates documents to the second.</summary>
    /// <param name="time">The moment.</param>
    public static PositionTarget At(DateTimeOffset time) => new() { Kind = PositionTargetKind.Time, Time = time.ToUniversalTime() };

    /// <summary>An event, which is then handled again.</summary>
    /// <param name="streamId">Its stream.</param>
    /// <param name="version">Its version.</param>
    public static PositionTarget Event(string streamId, long version) =>
        new() { Kind = PositionTargetKind.Event, StreamId = streamId, Version = version };

    /// <inheritdoc/>
    public override string ToString() => (Kind switch
    {
        PositionTargetKind.Saved => $"the position saved as '{Name}'",
        PositionTargetKind.Time => FormattableString.Invariant($"{Time:yyyy-MM-ddTHH:mm:ssZ}"),
        PositionTargetKind.Event => FormattableString.Invariant($"event {Version} of stream {StreamId}"),
        PositionTargetKind.Beginning => "the beginning",
        _ => "now",
    }) + (Partition is null ? "" : $", partition {Partition} only");
}
