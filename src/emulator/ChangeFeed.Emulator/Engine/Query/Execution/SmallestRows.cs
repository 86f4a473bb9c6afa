using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>Keeps the first rows of an order, bounded in number and bytes: what sorting without an index needs.</summary>
internal sealed class SmallestRows(RowOrder order, long capacity)
{
    private readonly PriorityQueue<SortedRow, SortedRow> _rows = new(Comparer<SortedRow>.Create((x, y) => order.Compare(y, x)));
    private long _bytes;

    /// <summary>Whether rows were left out.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Whether a row at this place would be kept; the row itself need not be made if not.</summary>
    public bool Wants(IReadOnlyList<Value> keys, ulong rid, int row)
    {
        if (_rows.Count < capacity && !Overflowed)
            return true;
        var last = _rows.Peek();
        if (order.Compare(keys, rid, row, last.Keys, last.Rid, last.Row) < 0)
            return true;
        Overflowed = true;
        return false;
    }

    public void Add(SortedRow row)
    {
        _rows.Enqueue(row, row);
        _bytes += row.Json.Length;
        while (_rows.Count > capacity || (_rows.Count > 1 && _bytes - _rows.Peek().Json.Length >= Page.MaxBytes))
        {
            _bytes -= _rows.Dequeue().Json.Length;
            Overflowed = true;
        }
    }

    public List<SortedRow> Sorted()
    {
        var rows = new List<SortedRow>(_rows.Count);
        while (_rows.TryDequeue(out var row, out _))
            rows.Add(row);
        rows.Reverse();
        return rows;
    }
}
