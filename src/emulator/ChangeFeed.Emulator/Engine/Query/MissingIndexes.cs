using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>
/// The paths that queries filtered or ordered by without an index. Here every query looks at the items; in the service such a one is paid
/// by all that it has to look at.
/// </summary>
internal sealed class MissingIndexes
{
    // A client that makes up paths does not fill the memory.
    private const int MaxPaths = 1000;

    private readonly ConcurrentDictionary<(string Container, string Path), Entry> _entries = new();

    /// <summary>Notes a query that would be served by an index that is not there.</summary>
    public void Add(string container, string path, string query)
    {
        if (_entries.TryGetValue((container, path), out var entry))
            entry.Count();
        else if (_entries.Count < MaxPaths)
            _entries.GetOrAdd((container, path), new Entry(query)).Count();
    }

    /// <summary>Those of a container: path, how many queries, and the text of the first.</summary>
    public IEnumerable<(string Path, long Queries, string First)> Of(string container) => _entries
        .Where(entry => entry.Key.Container == container)
        .OrderBy(entry => entry.Key.Path, StringComparer.Ordinal)
        .Select(entry => (entry.Key.Path, entry.Value.Queries, entry.Value.First));

    private sealed class Entry(string first)
    {
        private long _queries;

        public string First => first;

        public long Queries => Interlocked.Read(ref _queries);

        public void Count() => Interlocked.Increment(ref _queries);
    }
}
