using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Runs FROM and WHERE for what is bound in the frame: nested loops, one per source.</summary>
internal static class Pipeline
{
    /// <returns>False when the sink wants no more.</returns>
    public static bool Run(SelectPlan plan, int step, Frame frame, RowSink sink)
    {
        if (step == plan.From.Length)
            return (plan.Where is not null && !plan.Where.Evaluate(frame).IsTrue) || sink.Accept(frame);

        var source = plan.From[step];
        if (source.Path is { } path)
            return Bind(plan, step, frame, sink, path.Evaluate(frame));
        foreach (var row in SubqueryRunner.Rows(source.Subquery!, frame))
        {
            if (!Bind(plan, step, frame, sink, row))
                return false;
        }
        return true;
    }

    /// <summary>Binds a source's value, or one by one the elements of its array, and goes on with the next source.</summary>
    public static bool Bind(SelectPlan plan, int step, Frame frame, RowSink sink, in Value value)
    {
        var source = plan.From[step];
        if (!source.Iterate)
        {
            if (value.IsUndefined)
                return true;
            frame.Slots[source.Slot] = value;
            return Run(plan, step + 1, frame, sink);
        }
        foreach (var item in value.Items())
        {
            frame.Slots[source.Slot] = item;
            if (!Run(plan, step + 1, frame, sink))
                return false;
        }
        return true;
    }
}
