using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>
/// Says where documents are written that move from one container to another and back, so that endpoints read each where it was written: once, and in the
/// order of its stream.
/// </summary>
public interface IFeedRoute
{
    /// <summary>The route as it is known here, as soon as its turn is a later one; at once where it is already.</summary>
    /// <param name="after">The turn that is known; 0 for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FeedRoute> GetAsync(long after, CancellationToken cancellationToken);
}

/// <summary>The containers of a feed. Turns alternate between them: in the first the leg serves where it began, in the next the other one.</summary>
/// <param name="Name">Names the move: no two moves of one feed may have the same. Lower-case words joined by hyphens.</param>
/// <param name="Turn">1 until the first switch; each switch adds one, and nothing else does.</param>
/// <param name="Serving">The leg that serves in this turn.</param>
/// <param name="Former">The other one, where it has served and may again; null before the first switch, and where there is no way back any more.</param>
public sealed record FeedRoute(string Name, long Turn, FeedLeg Serving, FeedLeg? Former)
{
    /// <summary>The leg that served in a turn; null where the route does not have it any more.</summary>
    internal FeedLeg? LegOf(long turn) => (Turn - turn) % 2 == 0 ? Serving : Former;
}

/// <summary>A container that serves or has served.</summary>
/// <param name="Name">
/// Empty for where endpoints began, whose leases have the endpoint's name; else lower-case words joined by hyphens: the leases are named
/// <c>endpoint@name</c>.
/// </param>
/// <param name="Container">The container.</param>
public sealed record FeedLeg(string Name, Container Container)
{
    /// <summary>
    /// When it began to serve, UTC; of the leg that serves. An endpoint that comes to it for the first time need not read what was copied before. Null
    /// to read it from the beginning.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>
    /// Of a document that was copied from the other leg and is unchanged since, the turn in which it was copied; null of one that was written here. Those
    /// of a turn must all be there before the next begins. Null where nothing was copied, or nobody needs to know any more.
    /// </summary>
    public Func<JsonElement, long?>? CarriedIn { get; init; }

    /// <summary>Session token that covers all that was acknowledged before it stopped serving; null where every read sees that.</summary>
    public string? Session { get; init; }
}

/// <summary>The route of a feed that stays where it is.</summary>
internal sealed class FixedRoute(Container container) : IFeedRoute
{
    private readonly FeedRoute _route = new("", 1, new FeedLeg("", container), null);

    public async Task<FeedRoute> GetAsync(long after, CancellationToken cancellationToken)
    {
        if (after >= _route.Turn)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return _route;
    }
}

/// <summary>What an endpoint reads, and where it notes how far.</summary>
internal sealed record FeedSource(IFeedRoute Route, Container Leases);
