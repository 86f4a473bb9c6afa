using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>A query with ORDER BY: every page goes through all documents and keeps the first rows behind the page before.</summary>
internal sealed class SortedQuery
{
    /// <summary>The most rows kept in memory to get over an OFFSET; a longer one takes several passes.</summary>
    private const int MaxSkipped = 10_000;

    private readonly SelectPlan _plan;
    private readonly ResultWindow _window;
    private readonly Page _page;
    private readonly RowOrder _order;
    private readonly ResumeFilter? _resume;
    private Position _last;

    public SortedQuery(SelectPlan plan, ResultWindow window, Position start, Page page, ResumeFilter? resume)
    {
        _plan = plan;
        _window = window;
        _page = page;
        _resume = resume;
        _last = start;
        _order = new RowOrder([.. plan.OrderBy.Select(key => key.Descending)]);
        if (!ReferenceEquals(start, Position.Start) && start.Keys.Count != plan.OrderBy.Length)
            throw new QueryContinuationException("The continuation token belongs to another query.");
    }

    public Position? Next { get; private set; }

    public void Run(DocumentScan scan)
    {
        while (_last.Passed < _window.End)
        {
            var wanted = Math.Min(Math.Max(0, _window.Skip - _last.Passed), MaxSkipped) + _page.Capacity;
            var rows = new SmallestRows(_order, wanted + 1);
            var sink = new Sink(this, rows);
            scan.Run(_plan, _order.IsDescending ? ulong.MaxValue : 0, _order.IsDescending, sink);
            if (Deliver(rows.Sorted(), rows.Overflowed))
                return;
        }
    }

    /// <returns>False when the page is still empty because of OFFSET and there are more rows.</returns>
    private bool Deliver(List<SortedRow> rows, bool overflowed)
    {
        foreach (var row in rows)
        {
            if (_page.IsFull)
            {
                Next = _last;
                return true;
            }
            if (_last.Passed >= _window.Skip)
                _page.Add(row.Json);
            _last = new Position(row.Keys, row.Rid, row.Row, _last.Passed + 1);
            if (_last.Passed >= _window.End)
                return true;
        }
        if (!overflowed)
            return true;
        Next = _page.Documents.Count > 0 ? _last : null;
        return Next is not null;
    }

    private sealed class Sink(SortedQuery query, SmallestRows rows) : DocumentSink
    {
        private readonly Value[] _keys = new Value[query._plan.OrderBy.Length];
        private readonly Position _after = query._last;

        public override bool Accept(Frame frame)
        {
            var row = RowsOfDocument++;
            for (var i = 0; i < _keys.Length; i++)
                _keys[i] = query._plan.OrderBy[i].Value.Evaluate(frame);
            var order = query._order;
            if (!ReferenceEquals(_after, Position.Start) && order.Compare(_keys, Rid, row, _after.Keys, _after.Rid, _after.Rows) <= 0)
                return true;
            if ((query._resume is { } resume && !resume.Keeps(order, _keys, Rid)) || !rows.Wants(_keys, Rid, row))
                return true;
            var value = query._plan.Projection.Evaluate(frame);
            if (value.IsWritable)
                rows.Add(new SortedRow([.. _keys.Select(key => key.Detach())], Rid, row, JsonOutput.ToJson(value)));
            return true;
        }
    }
}
