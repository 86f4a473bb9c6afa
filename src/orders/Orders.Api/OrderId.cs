namespace Orders.Api;

/// <summary>An order's id is a UUID, and the id of its stream. It has one spelling, or one order would be two streams.</summary>
internal static class OrderId
{
    // Keys are turned into ids within this namespace; changing it would make retried orders new ones.
    private static readonly Guid IdempotencyKeys = new("6f1c2f0e-3f0a-4d53-8d1c-7a1f0c2b9e55");

    /// <summary>A new id, later ones sorting after earlier ones.</summary>
    public static string New(DateTimeOffset now) => Format(Guid.CreateVersion7(now));

    /// <summary>The id every try with this key gets.</summary>
    public static string FromIdempotencyKey(string key) => Format(ChangeFeed.EventStore.DeterministicGuid.Create(IdempotencyKeys, key));

    /// <summary>Reads an id from an address; null when there cannot be such an order.</summary>
    public static string? Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? Format(id) : null;

    private static string Format(Guid id) => id.ToString("D");
}
