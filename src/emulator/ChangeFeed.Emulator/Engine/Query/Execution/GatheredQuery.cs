using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>
/// A query whose results exist only when all documents have been seen: groups, aggregates, and distinct values in an order.
/// It keeps one row per result.
/// </summary>
internal sealed class GatheredQuery(SelectPlan plan, ResultWindow window, Position start, Page page) : DocumentSink
{
    private readonly Grouper? _groups = plan.Group is null ? null : new Grouper(plan.Group);
    private readonly Dictionary<Hash128, SortedRow> _rows = [];
    private readonly RowOrder _order = new([.. plan.OrderBy.Select(key => key.Descending)]);

    public Position? Next { get; private set; }

    public void Run(DocumentScan scan, Frame frame)
    {
        scan.Run(plan, 0, false, this);
        foreach (var group in _groups?.Groups ?? [])
        {
            group.Bind(frame);
            Keep(frame, [.. SortKeys(frame), .. group.Keys], 0, ValueHash.Of([.. group.Keys]));
        }
        Deliver();
    }

    public override bool Accept(Frame frame)
    {
        var row = RowsOfDocument++;
        if (_groups is null)
            Keep(frame, SortKeys(frame), row, default);
        else
            _groups.Add(frame);
        return true;
    }

    private Value[] SortKeys(Frame frame) => [.. plan.OrderBy.Select(key => key.Value.Evaluate(frame))];

    /// <summary>Of equal results the first in the order is kept; groups are equal only when the query is distinct.</summary>
    private void Keep(Frame frame, Value[] keys, int row, Hash128 group)
    {
        var value = plan.Projection.Evaluate(frame);
        if (!value.IsWritable)
            return;
        var identity = plan.Distinct ? ValueHash.Of(value) : group;
        var rid = _groups is null ? Rid : 0;
        if (_rows.TryGetValue(identity, out var other) && _order.Compare(other.Keys, other.Rid, other.Row, keys, rid, row) <= 0)
            return;
        _rows[identity] = new SortedRow([.. keys.Select(key => key.Detach())], rid, row, JsonOutput.ToJson(value));
    }

    private void Deliver()
    {
        var last = start;
        foreach (var row in _rows.Values.Order(_order))
        {
            if (!ReferenceEquals(start, Position.Start) && IsDelivered(row))
                continue;
            if (last.Passed >= window.End)
                return;
            if (page.IsFull)
            {
                Next = last;
                return;
            }
            if (last.Passed >= window.Skip)
                page.Add(row.Json);
            last = new Position(row.Keys, row.Rid, row.Row, last.Passed + 1);
        }
    }

    private bool IsDelivered(SortedRow row)
    {
        if (row.Keys.Length != start.Keys.Count)
            throw new QueryContinuationException("The continuation token belongs to another query.");
        return _order.Compare(row.Keys, row.Rid, row.Row, start.Keys, start.Rid, start.Rows) <= 0;
    }
}
