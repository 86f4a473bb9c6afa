using System.Collections.Concurrent;

namespace ChangeFeed.MassTransit;

/// <summary>For whom the feed is read.</summary>
/// <param name="Drain">Waits until everything that was handed over is finished.</param>
internal sealed record FeedMark(Func<Task> Drain)
{
    /// <summary>How long events that nobody waits for may be late, so that they come together.</summary>
    public static readonly TimeSpan PassedOver = TimeSpan.FromSeconds(1);

    /// <summary>How long any event may be late.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>Types of events that are waited for, or are not to linger; null for every document.</summary>
    public IReadOnlyCollection<string>? Awaits { get; init; }
}

/// <summary>
/// What all endpoints of a process wait for, by the container they read: they ask for the same, so that one answer can serve all of them.
/// </summary>
internal sealed class Awaited
{
    private readonly ConcurrentDictionary<string, Container> _containers = new(StringComparer.Ordinal);

    /// <summary>The header that names types of events.</summary>
    public static string Header(IEnumerable<string> types) => $"type={string.Join(',', types)}";

    /// <summary>The value of the header; null where every document is waited for.</summary>
    public string? Of(string container, FeedMark mark) => _containers.GetOrAdd(container, static _ => new()).With(mark);

    private sealed class Container
    {
        private readonly Lock _lock = new();
        private readonly HashSet<FeedMark> _marks = new(ReferenceEqualityComparer.Instance);
        private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
        private bool _all;
        private string? _header;

        public string? With(FeedMark mark)
        {
            lock (_lock)
            {
                if (!_marks.Add(mark))
                    return _header;
                _all |= mark.Awaits is null;
                _types.UnionWith(mark.Awaits ?? []);
                return _header = _all || _types.Count == 0 ? null : Header(_types);
            }
        }
    }
}
