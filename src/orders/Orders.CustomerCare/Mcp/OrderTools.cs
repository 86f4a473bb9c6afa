using System.ComponentModel;
using System.Security.Claims;
using ChangeFeed.MassTransit;
using ChangeFeed.Timers;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Search;
using Orders.CustomerCare.Services;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>Finds orders, tells what happened to them, and why they do not go on.</summary>
internal sealed class OrderTools(
    OrderSearch search, StoredEvents events, ParkedOrders parked, ServicesReader services, ChangeFeedControls controls, AuditTrail audit, TimerStore timers,
    TimeProvider time)
{
    public const string OrderIdHelp = "Id of the order, as find_orders gives it.";

    [McpServerTool(Name = "find_orders", Title = "Find orders", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Finds orders by what one knows of them, or by what happened, the latest first. Whatever is given has to hold.")]
    public async Task<FoundAnswer> FindAsync(
        ClaimsPrincipal user,
        CancellationToken cancellationToken,
        [Description("The id of an order or a customer, an e-mail address, a tracking number or an article, as a whole; or words of a reason.")]
        string? text = null,
        [Description("Only orders with an event of this type, such as PaymentDeclined.")] string? type = null,
        [Description("Only orders of the customer with this id.")] string? customer = null,
        [Description("Only orders in this status: Placed, Taxed, Paid, Shipped, Completed, PaymentDeclined, Rejected or Cancelled.")] string? status = null,
        [Description("Only orders placed since this time, ISO 8601. With nothing but type and service: only events since then.")] string? from = null,
        [Description("Only orders placed, or events, before this time.")] string? to = null,
        [Description("Only orders with an event by this service or agent.")] string? service = null,
        [Description("`next` of the answer before, with everything else the same.")] string? continuation = null)
    {
        var query = SearchQuery.Parse(text, type, customer, status, from, to, service, continuation);
        await audit.SearchAsync(user.Identity!.Name!, query.Subject, cancellationToken);
        var found = await search.FindAsync(user.Identity.Name!, query, cancellationToken);
        return new FoundAnswer([.. found.Orders.Select(FoundOrder.Of)], found.Next?.ToToken(query.Question));
    }

    [McpServerTool(Name = "order_story", Title = "Tell what happened to an order", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells everything that happened to an order, in order: what, when, who did it and because of which event.")]
    public async Task<StoryAnswer> StoryAsync(
        [Description(OrderIdHelp)] string orderId, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (stream, order) = await ReadAsync(orderId, user, cancellationToken);
        return StoryAnswer.Of(stream, order);
    }

    [McpServerTool(Name = "why_stuck", Title = "Tell why an order does not go on", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells which service an order waits for, what holds that service or the order up, and what could be done about it.")]
    public async Task<StuckAnswer> WhyStuckAsync(
        [Description(OrderIdHelp)] string orderId, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (stream, order) = await ReadAsync(orderId, user, cancellationToken);
        var snapshot = await services.LatestAsync(cancellationToken) ?? await services.ReadOnceAsync(cancellationToken);
        var paused = (await controls.AllAsync(cancellationToken)).Where(control => control.Paused).ToDictionary(control => control.Endpoint);
        return StuckOrder.Describe(stream, order, snapshot, paused, time.GetUtcNow());
    }

    private async Task<(IReadOnlyList<StoredEvent> Stream, OrderView Order)> ReadAsync(
        string orderId, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var id = OrderIdArgument.Parse(orderId);
        var stream = await events.ReadAsync(id, cancellationToken);
        var order = OrderView.Fold(stream, time.GetUtcNow(), await parked.OfAsync(id, cancellationToken), await timers.OfStreamAsync(id, cancellationToken))
            ?? throw OrderIdArgument.NoOrder(id);
        await audit.RecordAccessAsync(AuditSubject.Order(id), user.Identity!.Name!, "read-order", cancellationToken);
        return (stream, order);
    }
}

/// <summary>The argument that names an order.</summary>
internal static class OrderIdArgument
{
    /// <exception cref="InvalidRequestException">It is no id.</exception>
    public static string Parse(string orderId) => Guid.TryParseExact(orderId, "D", out var id)
        ? id.ToString()
        : throw InvalidRequestException.Of("orderId", "Must be the id of an order, such as 0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21; find_orders finds it.");

    public static InvalidRequestException NoOrder(string id) => InvalidRequestException.Of("orderId", $"There is no order '{id}'.");
}
