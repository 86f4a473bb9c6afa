using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.Domain;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>Does something to one order, in two steps.</summary>
[Authorize(Roles.Operator)]
internal sealed class OrderActionTools(OrderActions actions, StoredEvents events, TwoSteps steps, TimeProvider time)
{
    public const string ReasonHelp = "Why; kept with who and when.";
    public const string TokenHelp = "The token of the first call; without it nothing is done.";

    [McpServerTool(Name = "cancel_order", Title = "Cancel an order", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Cancels an order that has not shipped, on behalf of the customer. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> CancelAsync(
        [Description(OrderTools.OrderIdHelp)] string orderId, [Description(ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(TokenHelp)] string? token = null) =>
        RunAsync(OrderAction.Cancel, orderId, reason, user, token, cancellationToken);

    [McpServerTool(Name = "refund_order", Title = "Refund an order", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Gives back the money of an order that was shipped. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> RefundAsync(
        [Description(OrderTools.OrderIdHelp)] string orderId, [Description(ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(TokenHelp)] string? token = null) =>
        RunAsync(OrderAction.Refund, orderId, reason, user, token, cancellationToken);

    [McpServerTool(Name = "resend_notification", Title = "Send the last notice again", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Sends the customer the last notice again. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> ResendAsync(
        [Description(OrderTools.OrderIdHelp)] string orderId, [Description(ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(TokenHelp)] string? token = null) =>
        RunAsync(OrderAction.ResendNotification, orderId, reason, user, token, cancellationToken);

    private async Task<ActionAnswer> RunAsync(
        OrderAction action, string orderId, string reason, ClaimsPrincipal user, string? token, CancellationToken cancellationToken)
    {
        var id = OrderIdArgument.Parse(orderId);
        var why = Reason.Required(reason);
        var order = OrderView.Fold(await events.ReadAsync(id, cancellationToken), time.GetUtcNow()) ?? throw OrderIdArgument.NoOrder(id);
        if (action.Refusal(order.State) is { } refusal)
            throw new InvalidRequestException(StatusCodes.Status409Conflict, refusal);
        var proposal = new Proposal(
            AuditSubject.Order(id), action.Name, why, order.Version.ToString(CultureInfo.InvariantCulture), WouldHappen(action, order, why));
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen) => await actions.DoAsync(action, id, user.Identity!.Name!, why, cancellationToken) is { } tooLate
            ? throw new InvalidRequestException(StatusCodes.Status409Conflict, tooLate)
            : $"{action.Event(order.State, why).GetType().Name} was appended to order {id} in the name of {user.Identity!.Name}.";
    }

    private static List<string> WouldHappen(OrderAction action, OrderView order, string reason)
    {
        var name = action.Event(order.State, reason).GetType().Name;
        List<string> says = [$"{name} would be appended to order {order.OrderId}, which is {order.Status}, with the reason: {reason}"];
        if (action == OrderAction.Cancel)
            says.Add(order.Payment is { } paid
                ? $"Payment would give {paid.Amount} {paid.Currency} back, and the customer would be told."
                : "Nothing was captured yet. The customer would be told.");
        else if (action == OrderAction.Refund)
            says.Add($"Payment would give {order.Payment!.Amount} {order.Payment.Currency} back, once.");
        else
            says.Add($"The {order.Notices[^1]} notice would be sent to the customer once more.");
        says.Add("This cannot be undone.");
        return says;
    }
}
