using ChangeFeed.Emulator.Engine.Query.Evaluation;

namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>The part of the rows that TOP or OFFSET LIMIT leaves.</summary>
/// <param name="Skip">Rows to pass over.</param>
/// <param name="End">The number of the row behind the last one.</param>
internal readonly record struct ResultWindow(long Skip, long End)
{
    public static ResultWindow Of(SelectPlan plan, Frame frame)
    {
        var skip = Count(plan.Offset, frame, "OFFSET") ?? 0;
        var take = Count(plan.Limit, frame, "LIMIT") ?? Count(plan.Top, frame, "TOP");
        return new ResultWindow(skip, take is null ? long.MaxValue : skip + take.Value);
    }

    private static long? Count(Node? node, Frame frame, string clause)
    {
        if (node is null)
            return null;
        var value = node.Evaluate(frame);
        var number = value.IsNumber ? value.AsNumber() : -1;
        if (number < 0 || number > int.MaxValue || number != Math.Floor(number))
            throw new QueryException($"The count of {clause} must be a whole number from 0 to {int.MaxValue}, it is {value}.");
        return (long)number;
    }
}
