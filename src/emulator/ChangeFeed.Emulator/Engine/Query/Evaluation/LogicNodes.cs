using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>False wins over undefined; anything but a boolean counts as undefined.</summary>
internal sealed class AndNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var first = left.Evaluate(frame);
        if (first.IsFalse)
            return first;
        var second = right.Evaluate(frame);
        return second.IsFalse ? second : first.IsTrue && second.IsTrue ? first : Value.Undefined;
    }
}

/// <summary>True wins over undefined; anything but a boolean counts as undefined.</summary>
internal sealed class OrNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var first = left.Evaluate(frame);
        if (first.IsTrue)
            return first;
        var second = right.Evaluate(frame);
        return second.IsTrue ? second : first.IsFalse && second.IsFalse ? first : Value.Undefined;
    }
}

internal sealed class NotNode(Node operand) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        return value.IsBoolean ? Value.Of(value.IsFalse) : Value.Undefined;
    }
}

/// <summary><c>??</c> replaces undefined; null is a value.</summary>
internal sealed class CoalesceNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = left.Evaluate(frame);
        return value.IsUndefined ? right.Evaluate(frame) : value;
    }
}

/// <summary>Only true is true.</summary>
internal sealed class ConditionalNode(Node condition, Node then, Node otherwise) : Node
{
    public override Value Evaluate(Frame frame) => (condition.Evaluate(frame).IsTrue ? then : otherwise).Evaluate(frame);
}
