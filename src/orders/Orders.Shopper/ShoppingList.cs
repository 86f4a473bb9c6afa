namespace Orders.Shopper;

/// <summary>Random orders one could believe; the same seed makes the same ones. Most of them end well.</summary>
public sealed class ShoppingList(Random random)
{
    /// <summary>What the simulated warehouse never has.</summary>
    private const string OutOfStock = "OUT-OF-STOCK";

    private static readonly (string Sku, string Name, decimal Price)[] Products =
    [
        ("KB-01", "Keyboard", 49.90m), ("KB-02", "Mechanical keyboard", 129m), ("MS-01", "Mouse", 24.95m), ("MS-02", "Trackball", 59m),
        ("MN-24", "Monitor 24″", 189m), ("MN-32", "Monitor 32″", 449m), ("HD-01", "Headphones", 79.50m), ("WC-01", "Webcam", 69m),
        ("DK-01", "Docking station", 149.99m), ("CB-01", "USB-C cable", 12.90m), ("CB-02", "HDMI cable", 14.50m), ("LP-15", "Laptop stand", 39m),
        ("PD-01", "Mouse pad", 9.99m), ("SP-01", "Speaker", 54m), ("LM-01", "Desk lamp", 34.90m), ("CH-01", "Office chair", 279m),
    ];

    private static readonly string[] Reasons =
        ["ordered twice", "found it cheaper", "wrong address", "changed my mind", "takes too long", "wrong size"];

    /// <summary>The next order.</summary>
    public ShopperOrder Next()
    {
        var dice = random.NextDouble();
        var (end, token) = dice switch
        {
            < 0.06 => (IntendedEnd.Declined, "tok_declined"),
            < 0.11 => (IntendedEnd.Rejected, "tok_visa"),
            // Only while the gateway takes its time is there much of a chance to be in time.
            < 0.16 => (IntendedEnd.Cancelled, "tok_slow"),
            < 0.18 => (IntendedEnd.Completed, "tok_slow"),
            < 0.22 => (IntendedEnd.Completed, "tok_flaky"),
            _ => (IntendedEnd.Completed, "tok_visa"),
        };
        var (id, email, currency, shipTo) = Customers.Get(random.Next(Customers.Count));
        var body = new OrderBody(id, email, currency, token, shipTo, Lines(end == IntendedEnd.Rejected));
        var key = NewGuid().ToString();
        return end == IntendedEnd.Cancelled
            ? new ShopperOrder(end, key, body, TimeSpan.FromMilliseconds(random.Next(100, 1500)), Reasons[random.Next(Reasons.Length)])
            : new ShopperOrder(end, key, body);
    }

    /// <summary>The next order that ends well.</summary>
    public ShopperOrder NextCompleted()
    {
        ShopperOrder order;
        do
            order = Next();
        while (order.End != IntendedEnd.Completed);
        return order;
    }

    private LineBody[] Lines(bool withSomethingOutOfStock)
    {
        var chosen = new HashSet<int>();
        for (var wanted = 1 + (int)(random.NextDouble() * random.NextDouble() * 4); chosen.Count < wanted;)
            chosen.Add(random.Next(Products.Length));
        var lines = chosen.Select(i => new LineBody(Products[i].Sku, Products[i].Name, random.Next(4) == 0 ? random.Next(2, 5) : 1, Products[i].Price));
        return withSomethingOutOfStock ? [.. lines, new LineBody(OutOfStock, "Vintage terminal", 1, 899m)] : [.. lines];
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
