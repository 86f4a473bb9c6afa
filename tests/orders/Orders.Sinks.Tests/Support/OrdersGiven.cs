using Orders.Contracts;
using Orders.Testing;

namespace Orders.Sinks.Tests.Support;

/// <summary>The orders that the suite gives to sinks.</summary>
internal static class OrdersGiven
{
    public static object Begin(int n) => OrderStream.Placed(country: n % 3 == 0 ? "DE" : "US", region: n % 3 == 0 ? null : "WA", sku: $"KB-{n:00}");

    public static object Continue(int version) => version switch
    {
        1 => OrderStream.Taxed(),
        2 => OrderStream.Captured(),
        3 => OrderStream.Shipped(),
        _ => new RefundRequested($"reason number {version}"),
    };
}
