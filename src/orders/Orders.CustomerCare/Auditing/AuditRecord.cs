using System.ComponentModel;

namespace Orders.CustomerCare.Auditing;

/// <summary>That somebody did something, or looked at personal data.</summary>
public sealed record AuditRecord
{
    public required string Id { get; init; }

    [Description("What it is about: `order/…`, `service/…`, `batch/…`, `shopper`, or `search/…` and the day.")]
    public required string Subject { get; init; }

    [Description("Who: the name of the key.")]
    public required string Who { get; init; }

    public required DateTimeOffset At { get; init; }

    [Description("What was done: `cancel`, `refund`, `pause`, `start`, … or `read-order`, `read-events`, `search`.")]
    public required string Action { get; init; }

    [Description("Why, as the one who did it says; reading needs no reason.")]
    public string? Why { get; init; }

    [Description("Particulars.")]
    public IReadOnlyDictionary<string, string>? What { get; init; }

    [Description("What came of it; absent for reading, and where the service was ended in the middle.")]
    public string? Outcome { get; init; }

    /// <summary>Where it stands among all of them.</summary>
    internal string Sequence => $"{At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}/{Id}";
}

/// <summary>What audit records are about.</summary>
internal static class AuditSubject
{
    public const string Shopper = "shopper";

    public static string Order(string id) => $"order/{id}";

    public static string Service(string name) => $"service/{name}";

    /// <summary>The order a stream is, so that what waits of it is found with it; of a document that names no stream, what it is kept as.</summary>
    public static string Stream(string id) => Guid.TryParseExact(id, "D", out var order) ? Order(order.ToString()) : $"stream/{id}";

    // One for each day, so that no partition grows for ever.
    public static string Search(DateTimeOffset at) => $"search/{at.UtcDateTime:yyyy-MM-dd}";

    public static string Batch(string id) => $"batch/{id}";
}
