using Orders.Contracts;

namespace ChangeFeed.EventStore.Tests;

internal static class Orders
{
    public static readonly OrderPlaced Placed = new(
        "c-1", "ada@example.org", "USD", "tok_visa", new Address("Ada", "1 Main St", "Seattle", "98101", "US", Region: "WA"),
        [new OrderLine("KB-01", "Keyboard", 2, 49.90m)], 99.80m);

    public static readonly TaxCalculated Taxed = new("US-WA", 0.1m, new DateOnly(2026, 1, 1), "USD", 99.80m, 9.98m, 109.78m);
    public static readonly OrderCancelled Cancelled = new("changed my mind");

    public static string NewId() => Guid.NewGuid().ToString();
}
