using System.ComponentModel;
using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.Web;

namespace Orders.CustomerCare.Causation;

/// <summary>GET /care/orders/{id}/causation.</summary>
internal static class CausationEndpoint
{
    public static void MapCausation(this IEndpointRouteBuilder orders) => orders.MapGet("/causation", GetAsync)
        .WithName("GetCausation")
        .WithSummary("Shows what caused what")
        .WithDescription("A tree: first what was asked for from outside, under each event those it led to, who did it and how long it took.")
        .Answers(StatusCodes.Status200OK, "The tree.", Examples.Causation)
        .AnswersProblem(StatusCodes.Status404NotFound, "There is no such order.")
        .IsAboutAnOrder();

    private static async Task<Results<Ok<IReadOnlyList<CausedEvent>>, ProblemHttpResult>> GetAsync(
        [Description("Id of the order.")] string id, StoredEvents events, CancellationToken cancellationToken)
    {
        var stream = Guid.TryParseExact(id, "D", out var orderId) ? await events.ReadAsync(orderId.ToString(), cancellationToken) : [];
        return stream.Count == 0
            ? OrderProblems.NoOrder(id)
            : TypedResults.Ok(CausationTree.Build([.. stream.Select(e => e.Understood).OfType<RecordedEvent>()]));
    }
}
