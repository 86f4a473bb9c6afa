using System.ComponentModel;
using System.Security.Claims;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>Replays and discards what is parked, in two steps.</summary>
[Authorize(Roles.Operator)]
internal sealed class ParkedActionTools(DeadLetterClient deadLetters, ParkedOrderActions actions, BatchService batches, TwoSteps steps)
{
    [McpServerTool(Name = "replay_parked_order", Title = "Replay a parked order", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Asks a service to handle what waits of one order again. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> ReplayAsync(
        [Description("Where it is parked.")] string service, [Description(OrderTools.OrderIdHelp)] string orderId, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(OrderActionTools.ReasonHelp)] string? reason = null,
        [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunAsync(DeadLetterAction.Replay, service, orderId, Reason.Optional(reason), user, token, cancellationToken);

    [McpServerTool(Name = "discard_parked_order", Title = "Give up what waits of an order", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Asks a service to give up what waits of one order. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> DiscardAsync(
        [Description("Where it is parked.")] string service, [Description(OrderTools.OrderIdHelp)] string orderId,
        [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunAsync(DeadLetterAction.Discard, service, orderId, Reason.Required(reason), user, token, cancellationToken);

    [McpServerTool(Name = "replay_parked_orders", Title = "Replay all that match", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Asks the services to handle what waits again, of all parked orders that match. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> ReplayManyAsync(
        [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(ParkedTools.ServiceHelp)] string? service = null, [Description(ParkedTools.ErrorTypeHelp)] string? errorType = null,
        [Description(ParkedTools.TextHelp)] string? text = null, [Description(ParkedTools.EventTypeHelp)] string? eventType = null,
        [Description(ParkedTools.FromHelp)] string? from = null, [Description(ParkedTools.ToHelp)] string? to = null,
        [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunManyAsync(DeadLetterAction.Replay, ParkedFilter.Of(service, errorType, text, eventType, from, to), reason, user, token, cancellationToken);

    [McpServerTool(Name = "discard_parked_orders", Title = "Give up all that match", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Asks the services to give up what waits, of all parked orders that match. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> DiscardManyAsync(
        [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(ParkedTools.ServiceHelp)] string? service = null, [Description(ParkedTools.ErrorTypeHelp)] string? errorType = null,
        [Description(ParkedTools.TextHelp)] string? text = null, [Description(ParkedTools.EventTypeHelp)] string? eventType = null,
        [Description(ParkedTools.FromHelp)] string? from = null, [Description(ParkedTools.ToHelp)] string? to = null,
        [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunManyAsync(DeadLetterAction.Discard, ParkedFilter.Of(service, errorType, text, eventType, from, to), reason, user, token, cancellationToken);

    private async Task<ActionAnswer> RunAsync(
        DeadLetterAction action, string service, string orderId, string? reason, ClaimsPrincipal user, string? token, CancellationToken cancellationToken)
    {
        var waiting = await ParkedTools.WaitingAsync(service, orderId, deadLetters, cancellationToken);
        var stream = waiting.Parked.StreamId;
        var name = action.ToString().ToLowerInvariant();
        var proposal = new Proposal(
            AuditSubject.Stream(stream), $"{name} at {service}", reason, waiting.Seen,
            action == DeadLetterAction.Replay ? waiting.ReplaySays() : waiting.DiscardSays());
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen)
        {
            await actions.AskAsync(action, service, stream, user.Identity!.Name!, reason, cancellationToken);
            return $"{service} was asked to {name} what waits of {stream}, and does so within seconds; parked_orders no longer has it when that succeeded.";
        }
    }

    private async Task<ActionAnswer> RunManyAsync(
        DeadLetterAction action, ParkedFilter filter, string reason, ClaimsPrincipal user, string? token, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        var preview = await batches.PreviewAsync(action, filter, cancellationToken);
        if (preview.Total == 0 && string.IsNullOrWhiteSpace(token))
            throw new InvalidRequestException(StatusCodes.Status409Conflict, "Nothing parked matches; there is nothing to do.");
        var name = action.ToString().ToLowerInvariant();
        // What is seen is the preview's own token: starting the batch compares it with what is parked by then.
        var proposal = new Proposal(AuditSubject.Batch("asked"), $"{name} many", why, preview.Token, WouldHappen(action, preview)) { LooksForItself = true };
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen) =>
            await batches.StartAsync(action, filter, seen, user.Identity!.Name!, why, cancellationToken) is { } batch
                ? $"Batch {batch.Id} was started for {batch.Total} orders; batch_progress tells how far it is."
                : throw new InvalidRequestException(StatusCodes.Status409Conflict, "Other orders would be touched by now. Nothing was done; look again.");
    }

    private static IReadOnlyList<string> WouldHappen(DeadLetterAction action, BatchPreview preview) => action == DeadLetterAction.Replay
        ? ReplayPreview.Of(preview).WouldHappen
        :
        [
            $"What waits of {preview.Total} parked orders would be given up, at {ReplayWords.Names(preview.Services)}; they go on with what comes later.",
            "This cannot be undone.",
        ];
}
