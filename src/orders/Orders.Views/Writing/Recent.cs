using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Orders.Views;

/// <summary>What was used of late. Emptied when full: what is needed often is in it again at once.</summary>
internal sealed class Recent<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public TValue Remember(TKey key, TValue value)
    {
        if (_values.Count >= most && !_values.ContainsKey(key))
            _values.Clear();
        return _values[key] = value;
    }

    public void Forget(TKey key) => _values.TryRemove(key, out _);
}
