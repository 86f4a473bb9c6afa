using System.Text.Json;
using Orders.Outward;

namespace Orders.Sinks.Tests.Support;

/// <summary>
/// One who is told of orders, as anybody else might be: it drops what it has seen, by the id alone, and keeps what is new in the order in which
/// it came.
/// </summary>
internal sealed class Listener
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<string, List<JsonElement>> _orders = [];

    /// <summary>How many came that it had seen.</summary>
    public int Repeats { get; private set; }

    public void Hear(ReadOnlySpan<byte> cloudEvent)
    {
        var told = JsonElement.Parse(cloudEvent);
        lock (_lock)
        {
            if (!_seen.Add(told.GetProperty("id").GetString()!))
            {
                Repeats++;
                return;
            }

            var order = told.GetProperty("subject").GetString()!;
            if (!_orders.TryGetValue(order, out var events))
                _orders[order] = events = [];
            events.Add(told);
        }
    }

    /// <summary>What it has of each order: a line for each event, in the order in which they came.</summary>
    public IReadOnlyDictionary<string, string> Orders()
    {
        lock (_lock)
            return _orders.ToDictionary(order => order.Key, order => string.Join('\n', order.Value.Select(Line)));
    }

    /// <summary>The same line for what is to be told.</summary>
    public static string Line(Announcement announcement) => Line(JsonElement.Parse(CloudEventJson.Write(announcement).Span));

    private static string Line(JsonElement told) => $"{told.GetProperty("sequence")} {told.GetProperty("type")} {told.GetProperty("data")}";
}
