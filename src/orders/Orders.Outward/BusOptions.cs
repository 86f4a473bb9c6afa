namespace Orders.Outward;

/// <summary>Which bus others are told by. Section <c>Bus</c>, and <c>ConnectionStrings:bus</c>.</summary>
public sealed class BusOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Bus";

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "bus";

    private const int MaxName = 200;

    /// <summary>The broker, <c>amqp://user:password@host:5672/vhost</c> or <c>amqps://…</c>; empty for a bus in the memory of this process.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The topic exchange that others bind their queues to; 1 to 200 letters, digits, hyphens, points and underscores.</summary>
    public string Exchange { get; set; } = "order-events";

    /// <summary>Whether there is a broker.</summary>
    public bool HasBroker => ConnectionString.Length > 0;

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (HasBroker && !IsAddress(ConnectionString))
            yield return $"ConnectionStrings:{ConnectionName} is no address of a broker: it must be like 'amqp://user:password@localhost:5672/', or empty.";
        if (Exchange.Length is 0 or > MaxName || !Exchange.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            yield return $"{Section}:Exchange is '{Exchange}'; it must be 1 to {MaxName} letters, digits, hyphens, points and underscores.";
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "amqp" or "amqps", Segments.Length: <= 2 }
        && address.Host.Length > 0 && address.UserInfo.Count(c => c == ':') <= 1;

    // The transports spell the kind of an exchange each in its own way.
    internal Uri AddressOf(string exchange) => new($"exchange:{exchange}?type={(HasBroker ? "topic" : "Topic")}");
}
