using ChangeFeed.Emulator.Engine.Query.Syntax;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>The rows of a subquery for what is bound in the frame of the query around it.</summary>
internal static class SubqueryRunner
{
    public static List<Value> Rows(SelectPlan plan, Frame frame)
    {
        var rows = new RowCollector(plan);
        Pipeline.Run(plan, 0, frame, rows);
        return rows.Finish(frame);
    }

    public static bool Any(SelectPlan plan, Frame frame)
    {
        if (plan.Group is not null)
            return Rows(plan, frame).Count > 0;
        var first = new FirstRow(plan);
        Pipeline.Run(plan, 0, frame, first);
        return first.Found;
    }

    private sealed class FirstRow(SelectPlan plan) : RowSink
    {
        public bool Found { get; private set; }

        public override bool Accept(Frame frame)
        {
            Found = !plan.Projection.Evaluate(frame).IsUndefined;
            return !Found;
        }
    }
}

/// <summary>Collects all rows of a subquery, grouped and distinct as it asks.</summary>
internal sealed class RowCollector(SelectPlan plan) : RowSink
{
    private readonly Grouper? _groups = plan.Group is null ? null : new Grouper(plan.Group);
    private readonly HashSet<Hash128>? _seen = plan.Distinct ? [] : null;
    private readonly List<Value> _rows = [];

    /// <summary>Whether rows must outlive the document they came from.</summary>
    public bool Detach { get; init; }

    public override bool Accept(Frame frame)
    {
        if (_groups is not null)
            _groups.Add(frame);
        else
            Add(plan.Projection.Evaluate(frame));
        return true;
    }

    public List<Value> Finish(Frame frame)
    {
        if (_groups is not null)
        {
            foreach (var group in _groups.Groups)
            {
                group.Bind(frame);
                Add(plan.Projection.Evaluate(frame));
            }
        }
        return _rows;
    }

    private void Add(in Value value)
    {
        if (!value.IsUndefined && (_seen is null || _seen.Add(ValueHash.Of(value))))
            _rows.Add(Detach ? value.Detach() : value);
    }
}

internal sealed class SubqueryNode(SubqueryKind kind, SelectPlan plan) : Node
{
    public override Value Evaluate(Frame frame) => kind switch
    {
        SubqueryKind.Exists => Value.Of(SubqueryRunner.Any(plan, frame)),
        SubqueryKind.Array => Value.Of(SubqueryRunner.Rows(plan, frame)),
        SubqueryKind.All => Value.Of(SubqueryRunner.Rows(plan, frame).TrueForAll(row => row.IsTrue)),
        SubqueryKind.First => SubqueryRunner.Rows(plan, frame) is [var first, ..] ? first : Value.Undefined,
        SubqueryKind.Last => SubqueryRunner.Rows(plan, frame) is [.., var last] ? last : Value.Undefined,
        _ => SubqueryRunner.Rows(plan, frame) is [var only] ? only : Value.Undefined,
    };
}
