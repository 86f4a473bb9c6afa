using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ChangeFeed.Projections.Writing;

/// <summary>What was used of late, up to a number of entries. Emptied when full: what is needed often is in it again at once.</summary>
/// <param name="maxEntries">Entries it holds, give or take those that are added at the same moment.</param>
public sealed class BoundedCache<TKey, TValue>(int maxEntries)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();

    /// <summary>What was set last for a key, unless it was emptied out.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>Sets the value of a key.</summary>
    /// <returns>The value.</returns>
    public TValue Set(TKey key, TValue value)
    {
        if (_values.Count >= maxEntries && !_values.ContainsKey(key))
            _values.Clear();
        return _values[key] = value;
    }

    /// <summary>Removes a key, if it is there.</summary>
    public void Remove(TKey key) => _values.TryRemove(key, out _);
}
