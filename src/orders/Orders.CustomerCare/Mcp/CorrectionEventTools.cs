using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.CustomerCare.Events;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>Appends an event that puts an order right, in two steps.</summary>
[Authorize(Roles.Operator)]
internal sealed class CorrectionEventTools(CorrectionEvents corrections, StoredEvents events, TwoSteps steps)
{
    [McpServerTool(
        Name = "append_correction_event", Title = "Append an event that puts an order right", Destructive = true, OpenWorld = false,
        UseStructuredContent = true)]
    [Description(
        "Appends an event to an order; what is parked waits on, and is replayed or discarded then. "
        + "Two calls: the first says what would happen and gives a token.")]
    public async Task<ActionAnswer> AppendAsync(
        [Description(OrderTools.OrderIdHelp)] string orderId,
        [Description("Which event, such as TaxCalculated.")] string type,
        [Description("All of the event's data, a JSON object as text, in the schema of today.")] string data,
        [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(OrderActionTools.TokenHelp)] string? token = null)
    {
        var (id, why, json) = (OrderIdArgument.Parse(orderId), Reason.Required(reason), EventData.Parse(data));
        EventData.Read(type, json);
        var stream = await events.ReadAsync(id, cancellationToken);
        if (stream.Count == 0)
            throw OrderIdArgument.NoOrder(id);
        var after = stream[^1].Version;
        // What is agreed to is this event after this version, and no other; its values may be personal, and the trail is kept.
        var seen = string.Create(CultureInfo.InvariantCulture, $"{after} {type} {ContentHash.Of(json.GetRawText()):x}");
        var proposal = new Proposal(AuditSubject.Order(id), "append-event", why, seen,
        [
            $"{type} would be appended to order {id} as event {after + 1}, with the reason: {why}",
            "Every service would handle it as any event of its type. What is parked would wait on.",
            "This cannot be undone.",
        ]);
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string agreed) =>
            await corrections.AppendAsync(id, type, json, after, user.Identity!.Name!, why, cancellationToken) is { } refusal
                ? throw new InvalidRequestException(StatusCodes.Status409Conflict, refusal)
                : $"{type} was appended to order {id} as event {after + 1} in the name of {user.Identity!.Name}.";
    }
}
