using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>The containers that serve and have served.</summary>
/// <param name="Migration">Key of the migration; empty where there is none.</param>
/// <param name="Generation">1 until the first cutover, and one more with each switch.</param>
/// <param name="Serving">Where documents are written.</param>
/// <param name="Former">Where they were written before, and may be again; null before the first cutover, and where the migration is over.</param>
public sealed record DirectedRoute(string Migration, int Generation, DirectedSide Serving, DirectedSide? Former);

/// <summary>One of them.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Container">The container, for callers who speak of its documents as they were before any migration.</param>
public sealed record DirectedSide(ContainerLocation Location, Container Container)
{
    /// <summary>Since when it serves, UTC; null where it does not, or did from the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Session token that covers what was acknowledged before it stopped serving; null where nobody told one.</summary>
    public string? Session { get; init; }
}
