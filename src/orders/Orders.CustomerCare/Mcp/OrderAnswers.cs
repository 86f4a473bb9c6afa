using System.ComponentModel;
using Orders.Contracts;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.OrderDetails;
using Orders.CustomerCare.Pages.Parts;
using Orders.Domain;
using Orders.ReadModels;

namespace Orders.CustomerCare.Mcp;

/// <summary>What find_orders answers.</summary>
internal sealed record FoundAnswer(
    IReadOnlyList<FoundOrder> Orders,
    [property: Description("Give this as `continuation`, with everything else the same, for more; null at the end.")] string? Next);

/// <summary>An order that was found, and nothing that tells whose it is but the id of the customer.</summary>
internal sealed record FoundOrder(
    string OrderId, OrderStatus Status, string CustomerId, string Currency, decimal? Total, string? Reason, DateTimeOffset PlacedAt, DateTimeOffset UpdatedAt)
{
    public static FoundOrder Of(OrderStatusDocument order) => new(
        order.Id, order.Status, order.CustomerId, order.Currency, order.Total ?? order.Subtotal, Withheld.Addresses.From(order.Reason), order.PlacedAt,
        order.UpdatedAt);
}

/// <summary>What order_story answers.</summary>
internal sealed record StoryAnswer(
    string OrderId,
    OrderStatus Status,
    [property: Description("What is wrong with it, in a sentence; null when all is well.")] string? Problem,
    string CustomerId,
    string Country,
    string? Region,
    string Currency,
    decimal Subtotal,
    decimal? Total,
    IReadOnlyList<OrderLine> Lines,
    [property: Description("Whether the customer was erased.")] bool Erased,
    [property: Description("What happened, in order.")] IReadOnlyList<StoryEvent> Events)
{
    public static StoryAnswer Of(IReadOnlyList<StoredEvent> stream, OrderView order)
    {
        var withheld = Withheld.Of(stream);
        var byId = stream.Where(e => e.Understood is not null).GroupBy(e => e.Understood!.Meta.EventId).ToDictionary(g => g.Key, g => g.First());
        return new StoryAnswer(
            order.OrderId, order.Status, withheld.From(order.Problem), order.Placed.CustomerId, order.Placed.ShipTo.Country, order.Placed.ShipTo.Region,
            order.Placed.Currency, order.Placed.Subtotal, order.Tax?.Total, order.Placed.Lines, order.Erased,
            [.. stream.Select(e => StoryEvent.Of(e, e.Understood?.Meta.CausationId is { } id ? byId.GetValueOrDefault(id) : null, withheld))]);
    }
}

/// <summary>One thing that happened to an order.</summary>
internal sealed record StoryEvent(
    long Version,
    string? Type,
    [property: Description("What happened, in words.")] string What,
    [property: Description("The service or agent that did it.")] string? By,
    DateTimeOffset? At,
    [property: Description("Version of the event that led to it; null for what was asked for from outside.")] long? CausedBy,
    [property: Description("Milliseconds after that event.")] double? AfterMs)
{
    public static StoryEvent Of(StoredEvent e, StoredEvent? cause, Withheld withheld)
    {
        var words = EventFormatter.Of(e);
        return new StoryEvent(
            e.Version, e.Type, withheld.From(words.Detail is null ? words.Title : $"{words.Title}: {words.Detail}")!, e.Understood?.Meta.By,
            e.Understood?.Meta.At, cause?.Version,
            cause?.Understood is { } before && e.Understood is { } after ? Math.Round((after.Meta.At - before.Meta.At).TotalMilliseconds, 3) : null);
    }
}
