using ChangeFeed.EventStore;

namespace Orders.Api;

/// <summary>An order's id is a UUID, and the id of its stream. It has one spelling, or one order would be two streams.</summary>
internal static class OrderId
{
    // Keys are turned into ids within this namespace; changing it would make retried orders new ones.
    private static readonly Guid IdempotencyKeys = new("6f1c2f0e-3f0a-4d53-8d1c-7a1f0c2b9e55");

    /// <summary>A new id, later ones sorting after earlier ones.</summary>
    public static string New(DateTimeOffset now) => Format(Guid.CreateVersion7(now));

    /// <summary>
    /// The id every try with this key gets that has no caller. Before there were callers, this was the id of all; so it is never made anew for
    /// somebody who is known.
    /// </summary>
    public static string FromIdempotencyKey(string key) => Format(DeterministicGuid.Create(IdempotencyKeys, key));

    /// <summary>The id every try of this caller with this key gets. A key cannot hold a line end, so it never is an id without a caller.</summary>
    public static string FromIdempotencyKey(string callerId, string key) => Format(DeterministicGuid.Create(IdempotencyKeys, $"{callerId}\n{key}"));

    /// <summary>Reads an id from an address; null when there cannot be such an order.</summary>
    public static string? Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? Format(id) : null;

    private static string Format(Guid id) => id.ToString("D");
}
