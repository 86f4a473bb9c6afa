namespace ChangeFeed.Migration.Fencing;

/// <summary>Which container serves. Each change of it begins an epoch; what is done under one epoch is never mixed with the next.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="Migration">Name of the directory entry, which is its partition.</param>
/// <param name="Epoch">Grows with each change.</param>
/// <param name="Serving">The container that serves.</param>
public sealed record DirectoryEntry(string Id, string Migration, long Epoch, ContainerLocation Serving)
{
    internal const string Document = "directory";

    /// <summary>The epoch ends: nobody reads or writes until the next begins.</summary>
    public bool Closing { get; init; }

    /// <summary>A switch is near: members look often.</summary>
    public bool Watch { get; init; }

    /// <summary>When this container began to serve, UTC: consumers of its feed begin here and leave out what was carried.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>How far what was acknowledged got on the container that served before, as its members said; null where none did.</summary>
    public string? FormerSession { get; init; }

    internal static DirectoryEntry First(string name, ContainerLocation serving, DateTimeOffset now) => new(Document, name, 1, serving) { Since = now };

    /// <summary>The next epoch on the same container: a switch that did not happen.</summary>
    internal DirectoryEntry Reopened() => this with { Epoch = Epoch + 1, Closing = false, Watch = false };
}

/// <summary>A process that reads and writes under an epoch.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="Migration">Name of the directory entry, which is its partition.</param>
internal sealed record Member(string Id, string Migration)
{
    public const string Prefix = "member-";

    /// <summary>Whether it looks often.</summary>
    public bool Watching { get; init; }

    /// <summary>The ending epoch under which it does nothing any more; null while it may.</summary>
    public long? Closed { get; init; }

    /// <summary>How far its requests got in the partitions of the container; what it saw acknowledged is at most there.</summary>
    public string? Session { get; init; }

    /// <summary>Seconds until a member that does not show itself is forgotten.</summary>
    public int Ttl { get; init; }
}
