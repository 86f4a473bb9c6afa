using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Resources;
using Orders.Shopper;

namespace ChangeFeed.AppHost.Commands;

/// <summary>Commands of the orders API: one order, or a shopper who places them.</summary>
internal static class OrderCommands
{
    public const string PlaceOrder = "place-order";
    public const string StartShopper = "start-shopper";
    public const string StopShopper = "stop-shopper";
    public const string RateName = "rate";

    private static readonly ShoppingList Orders = new(Random.Shared);

    private static InteractionInput Rate => new()
    {
        Name = RateName,
        Label = "Rate",
        InputType = InputType.Text,
        Required = true,
        Value = "2/s",
        Description = $"It must be {OrderRate.Rule}.",
    };

    public static IResourceBuilder<ProjectResource> WithOrderCommands(this IResourceBuilder<ProjectResource> orders) => orders
        .WithCall(PlaceOrder, "Place an order", new()
        {
            Description = "Places a believable random order and says where its page is.",
            ConfirmationMessage = "Place a believable random order that ends well?",
            IconName = "AddCircle",
            IconVariant = IconVariant.Regular,
            IsHighlighted = true,
        }, PlaceAsync)
        .WithCall(StartShopper, "Start the shopper", new()
        {
            Description = "Places believable random orders, some of them declined, rejected or cancelled, until it is stopped.",
            IconName = "Play",
            Arguments = [Rate],
        }, StartAsync)
        .WithCall(StopShopper, "Stop the shopper", new()
        {
            Description = "Places no more orders; those that were placed go on.",
            ConfirmationMessage = "Place no more orders?",
            IconName = "Stop",
        }, StopAsync);

    private static async Task<string> PlaceAsync(CallContext context)
    {
        var order = Orders.NextCompleted();
        var placed = await context.Orders.SendAsync(HttpMethod.Post, "/orders", order.Body, context.CancellationToken, order.IdempotencyKey);
        var id = placed["orderId"]!.GetValue<string>();
        return $"Order {id} is placed; its page is {context.Model.UrlOf(ServiceNames.Care)}/orders/{id}";
    }

    private static async Task<string> StartAsync(CallContext context)
    {
        var shopper = await context.Care.SendAsync(
            HttpMethod.Put, "/care/shopper", new { rate = context.Text(Rate) }, context.CancellationToken);
        return $"The shopper places {shopper["rate"]} orders.";
    }

    private static async Task<string> StopAsync(CallContext context)
    {
        var shopper = await context.Care.SendAsync(HttpMethod.Delete, "/care/shopper", null, context.CancellationToken);
        return $"The shopper has stopped; it placed {shopper["placed"]} orders.";
    }
}
