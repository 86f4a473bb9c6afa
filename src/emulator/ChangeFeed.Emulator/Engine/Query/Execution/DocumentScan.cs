using System.Runtime.InteropServices;
using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>A sink over whole documents.</summary>
internal abstract class DocumentSink : RowSink
{
    /// <summary>The document whose rows come next.</summary>
    public ulong Rid { get; private set; }

    /// <summary>How many rows of it have come.</summary>
    protected int RowsOfDocument { get; set; }

    public void BeginDocument(ulong rid)
    {
        Rid = rid;
        RowsOfDocument = 0;
    }

    /// <summary>Called after the rows of a document; false when no more documents are wanted.</summary>
    public virtual bool EndDocument() => true;
}

/// <summary>Runs a query's FROM and WHERE over the documents of a source.</summary>
internal sealed class DocumentScan(IQuerySource source, Frame frame, ScanHints hints)
{
    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public void Run(SelectPlan plan, ulong afterRid, bool descending, DocumentSink sink)
    {
        if (!plan.ReadsContainer)
        {
            sink.BeginDocument(1);
            Pipeline.Run(plan, 0, frame, sink);
        }
        else if (plan.From is [{ Subquery: { NeedsAllRows: true, ReadsContainer: true } inner }, ..])
        {
            RunOver(plan, AllRows(inner), descending ? 0 : afterRid, sink);
        }
        else
        {
            RunOverDocuments(plan, afterRid, descending, sink);
        }
    }

    private void RunOverDocuments(SelectPlan plan, ulong afterRid, bool descending, DocumentSink sink)
    {
        foreach (var row in source.Scan(new QueryScan(afterRid, descending, hints.Ids, hints.PartitionKeys)))
        {
            Rows++;
            Bytes += row.Json.Length;
            if ((Rows & 127) == 0)
                frame.Cancellation.ThrowIfCancellationRequested();
            frame.Slots[Frame.Document] = Document(row.Json);
            sink.BeginDocument(row.Rid);
            if (!Pipeline.Run(plan, 0, frame, sink) || !sink.EndDocument())
                return;
        }
    }

    /// <summary>The rows of a subquery that had to be run to its end take the part of the documents.</summary>
    private void RunOver(SelectPlan plan, List<Value> rows, ulong after, DocumentSink sink)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var number = (ulong)i + 1;
            if (number <= after)
                continue;
            sink.BeginDocument(number);
            if (!Pipeline.Bind(plan, 0, frame, sink, rows[i]) || !sink.EndDocument())
                return;
        }
    }

    private List<Value> AllRows(SelectPlan plan)
    {
        var rows = new AllRowsSink(plan);
        Run(plan, 0, false, rows);
        return rows.Finish(frame);
    }

    private sealed class AllRowsSink(SelectPlan plan) : DocumentSink
    {
        private readonly RowCollector _rows = new(plan) { Detach = true };

        public override bool Accept(Frame frame) => _rows.Accept(frame);

        public List<Value> Finish(Frame frame) => _rows.Finish(frame);
    }

    private static Value Document(ReadOnlyMemory<byte> json)
    {
        if (!MemoryMarshal.TryGetArray(json, out var array))
            return Value.FromJson(json.ToArray());
        return Value.FromJson(array.Array!, array.Offset, array.Offset + array.Count);
    }
}
