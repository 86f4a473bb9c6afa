using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>
/// Keeps prepared queries by their text. When the younger generation is full it becomes the older one and the one before is
/// dropped: what is in use moves on, what is not is forgotten, and nothing is counted or locked on the way.
/// </summary>
internal sealed class QueryCache(Func<string, ComputedProperties?, PreparedQuery> prepare, int generation = 500, int longestText = 16 * 1024)
{
    private volatile ConcurrentDictionary<string, PreparedQuery> _young = new();
    private volatile ConcurrentDictionary<string, PreparedQuery> _old = new();

    public PreparedQuery Get(string text, ComputedProperties? computed = null)
    {
        var key = computed is null ? text : $"{computed.Signature}\n{text}";
        if (_young.TryGetValue(key, out var query))
            return query;
        if (!_old.TryGetValue(key, out query))
            query = prepare(text, computed);
        if (text.Length > longestText)
            return query;
        if (_young.Count >= generation)
        {
            _old = _young;
            _young = new();
        }
        _young[key] = query;
        return query;
    }
}
