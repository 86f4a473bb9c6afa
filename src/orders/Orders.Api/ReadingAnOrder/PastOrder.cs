using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.ReadingAnOrder;

/// <summary>A point in the past of an order: a version or a time, one of the two.</summary>
internal readonly record struct PastMoment(long? Version, DateTimeOffset? Time);

/// <summary>An order as it was: its events folded up to a point. Pure.</summary>
internal static class PastOrder
{
    /// <summary>The point asked for; null when the present is.</summary>
    /// <exception cref="InvalidRequestException">More than one of them is given.</exception>
    public static PastMoment? Moment(long? atVersion, DateTimeOffset? at, long? minVersion) => (atVersion, at, minVersion) switch
    {
        (null, null, _) => null,
        (not null, not null, _) => throw InvalidRequestException.Of("at", "Give either atVersion or at."),
        (_, _, not null) =>
            throw InvalidRequestException.Of("minVersion", "The past does not have to be waited for: leave minVersion out with atVersion or at."),
        _ => new PastMoment(atVersion, at),
    };

    public static Results<Ok<OrderStatusResponse>, ProblemHttpResult> Answer(string id, PastMoment moment, IReadOnlyList<RecordedEvent> stream, Caller caller)
    {
        if (stream is not [{ Data: OrderPlaced placed }, ..] || !caller.MayRead(placed.CustomerId))
            return OrderProblems.NotFound(id);
        if (moment.Version > stream[^1].Version)
            return Problem($"The order has no version {moment.Version}; its last is {stream[^1].Version}.");
        var past = stream.TakeWhile(e => moment.Version is { } version ? e.Version <= version : e.Meta.At <= moment.Time);
        return OrderStatusDocument.Fold(past) is { } order
            ? TypedResults.Ok(OrderStatusResponse.From(order))
            : Problem($"The order was placed at {stream[0].Meta.At:O}; there is nothing to see before.");
    }

    private static ProblemHttpResult Problem(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
