using ChangeFeed.EventStore;

namespace Orders.Archive;

/// <summary>
/// What is noted of a stream that left the event store: on which days it has events, and what the table does not keep of their times, which is the
/// last digit of the seven that .NET has. With it every event is read as it was.
/// </summary>
/// <param name="Days">The days.</param>
/// <param name="Ticks">A digit for each event, in their order: tenths of a microsecond.</param>
internal sealed record ColdHints(IReadOnlyList<string> Days, string Ticks)
{
    private const string TicksPrefix = "ticks:";

    public static ColdHints Of(IReadOnlyList<string> hints) => new(
        [.. hints.Where(hint => !hint.StartsWith(TicksPrefix, StringComparison.Ordinal))],
        hints.FirstOrDefault(hint => hint.StartsWith(TicksPrefix, StringComparison.Ordinal))?[TicksPrefix.Length..] ?? "");

    /// <summary>With some events more.</summary>
    public ColdHints With(IReadOnlyList<RecordedEvent> events) => new(
        [.. Days.Union(events.Select(ArchiveRow.DayOf))],
        Ticks + string.Concat(events.Select(e => e.Meta.At.UtcTicks % TimeSpan.TicksPerMicrosecond)));

    public IReadOnlyList<string> ToList() => [.. Days, TicksPrefix + Ticks];

    /// <summary>An event of the table, with its time as it was.</summary>
    public RecordedEvent Exact(RecordedEvent e) => e.Version < Ticks.Length && char.IsAsciiDigit(Ticks[(int)e.Version])
        ? e with { Meta = e.Meta with { At = e.Meta.At.AddTicks(Ticks[(int)e.Version] - '0') } }
        : e;
}
