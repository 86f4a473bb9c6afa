using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>A query in the order of the documents: each page goes on at the document where the one before ended.</summary>
internal sealed class StreamedQuery(SelectPlan plan, ResultWindow window, Position start, Page page) : DocumentSink
{
    /// <summary>How many documents are looked at, once the page is full, to see whether there is another result.</summary>
    private const int Lookahead = 100;

    // A distinct query cannot know what it has delivered but by going through the documents before.
    private readonly HashSet<Hash128>? _seen = plan.Distinct ? [] : null;
    private long _passed;
    private int _ahead;
    private Position? _last;

    public Position? Next { get; private set; }

    public void Run(DocumentScan scan)
    {
        _passed = start.Passed;
        if (_passed >= window.End)
            return;
        var after = _seen is not null || start.Rid == 0 ? 0 : start.Rows == Position.WholeDocument ? start.Rid : start.Rid - 1;
        scan.Run(plan, after, false, this);
    }

    public override bool Accept(Frame frame)
    {
        var row = RowsOfDocument++;
        var delivered = Rid < start.Rid || (Rid == start.Rid && row < start.Rows);
        if (delivered && _seen is null)
            return true;
        var value = plan.Projection.Evaluate(frame);
        if (!value.IsWritable || (_seen is not null && !_seen.Add(ValueHash.Of(value))) || delivered)
            return true;
        if (page.IsFull)
        {
            Next = _last;
            return false;
        }
        if (_passed >= window.Skip)
            page.Add(JsonOutput.ToJson(value));
        _passed++;
        _last = new Position([], Rid, RowsOfDocument, _passed);
        return _passed < window.End;
    }

    public override bool EndDocument()
    {
        if (!page.IsFull || ++_ahead < Lookahead)
            return true;
        Next = new Position([], Rid, Position.WholeDocument, _passed);
        return false;
    }
}
