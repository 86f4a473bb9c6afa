using System.Collections;

namespace ChangeFeed.ServiceDefaults.Tests;

/// <summary>What an exporter was given: it adds on many threads while a test looks.</summary>
internal sealed class Exported<T> : ICollection<T>
{
    private readonly List<T> _items = [];

    public int Count
    {
        get
        {
            lock (_items)
                return _items.Count;
        }
    }

    public bool IsReadOnly => false;

    public void Add(T item)
    {
        lock (_items)
            _items.Add(item);
    }

    public void Clear()
    {
        lock (_items)
            _items.Clear();
    }

    public bool Contains(T item)
    {
        lock (_items)
            return _items.Contains(item);
    }

    public void CopyTo(T[] array, int arrayIndex)
    {
        lock (_items)
            _items.CopyTo(array, arrayIndex);
    }

    public bool Remove(T item)
    {
        lock (_items)
            return _items.Remove(item);
    }

    public IEnumerator<T> GetEnumerator()
    {
        lock (_items)
            return ((IEnumerable<T>)_items.ToArray()).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
