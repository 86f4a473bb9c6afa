using System.ComponentModel;
using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.CustomerCare.Causation;

/// <summary>An event, and what it led to.</summary>
public sealed record CausedEvent
{
    public required long Version { get; init; }

    public required string Type { get; init; }

    public required Guid EventId { get; init; }

    [Description("The service or agent that did it.")]
    public required string By { get; init; }

    [Description("Which instance of the service that was, as machine and process; absent for older events.")]
    public string? Instance { get; init; }

    public required DateTimeOffset At { get; init; }

    [Description("Milliseconds between the cause and this event; absent for what was asked for from outside.")]
    public double? AfterCauseMs { get; init; }

    [Description("Milliseconds between the order's first event and this one.")]
    public required double AfterStartMs { get; init; }

    [Description("The events this one led to.")]
    public required IReadOnlyList<CausedEvent> Led { get; init; }
}

/// <summary>What caused what in a stream.</summary>
internal static class CausationTree
{
    /// <summary>The events nothing in the stream caused, each with all that followed from it.</summary>
    public static IReadOnlyList<CausedEvent> Build(IReadOnlyList<RecordedEvent> stream)
    {
        var byId = stream.GroupBy(e => e.Meta.EventId).ToDictionary(g => g.Key, g => g.First());
        // Only an earlier event can be a cause: whatever a document claims, this ends.
        var causes = stream.ToDictionary(e => e.Version, e =>
            e.Meta.CausationId is { } id && byId.GetValueOrDefault(id) is { } cause && cause.Version < e.Version ? cause : null);
        var led = stream.ToLookup(e => causes[e.Version]?.Version);
        return [.. led[null].Select(Node)];

        CausedEvent Node(RecordedEvent e) => new()
        {
            Version = e.Version,
            Type = e.Type,
            EventId = e.Meta.EventId,
            By = e.Meta.By,
            Instance = e.Meta.Instance,
            At = e.Meta.At,
            AfterCauseMs = causes[e.Version] is { } cause ? Milliseconds(cause, e) : null,
            AfterStartMs = Milliseconds(stream[0], e),
            Led = [.. led[e.Version].Select(Node)],
        };
    }

    private static double Milliseconds(RecordedEvent from, RecordedEvent to) => Math.Round((to.Meta.At - from.Meta.At).TotalMilliseconds, 3);
}
