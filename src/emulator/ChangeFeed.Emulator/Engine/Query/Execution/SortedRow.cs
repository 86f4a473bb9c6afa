using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>A result with its place in the order.</summary>
internal sealed record SortedRow(Value[] Keys, ulong Rid, int Row, byte[] Json);

/// <summary>
/// The order of results: by their keys, then by document, within a document as they come. Documents descend when the first
/// key does, as clients expect that resume within equal keys.
/// </summary>
internal sealed class RowOrder(IReadOnlyList<bool> descending) : IComparer<SortedRow>
{
    public bool IsDescending => descending.Count > 0 && descending[0];

    public int Compare(SortedRow? x, SortedRow? y) => Compare(x!.Keys, x.Rid, x.Row, y!.Keys, y.Rid, y.Row);

    public int Compare(IReadOnlyList<Value> keys, ulong rid, int row, IReadOnlyList<Value> otherKeys, ulong otherRid, int otherRow)
    {
        var order = CompareKeys(keys, otherKeys);
        if (order == 0)
            order = CompareRids(rid, otherRid);
        return order != 0 ? order : row.CompareTo(otherRow);
    }

    public int CompareRids(ulong rid, ulong other) => IsDescending ? other.CompareTo(rid) : rid.CompareTo(other);

    public int CompareKeys(IReadOnlyList<Value> keys, IReadOnlyList<Value> others)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var order = ValueOrder.Compare(keys[i], others[i]);
            if (order != 0)
                return Direction(i, order);
        }
        return 0;
    }

    public int Direction(int key, int order) => key < descending.Count && descending[key] ? -order : order;
}
