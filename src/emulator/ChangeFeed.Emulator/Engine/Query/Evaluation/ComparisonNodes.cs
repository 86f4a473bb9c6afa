using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Equality is defined between all values: those of different types are not equal.</summary>
internal sealed class EqualNode(Node left, Node right, bool negate) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var a = left.Evaluate(frame);
        if (a.IsUndefined)
            return a;
        var b = right.Evaluate(frame);
        return b.IsUndefined ? b : Value.Of(ValueOrder.AreEqual(a, b) != negate);
    }
}

internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>An order is defined between two nulls, booleans, numbers or strings only.</summary>
internal sealed class CompareNode(Comparison comparison, Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame) => Compare(comparison, left.Evaluate(frame), right.Evaluate(frame));

    public static Value Compare(Comparison comparison, in Value a, in Value b)
    {
        int order;
        if (a.IsNumber && b.IsNumber)
            order = a.AsNumber().CompareTo(b.AsNumber());
        else if (a.IsString && b.IsString)
            order = ValueOrder.CompareStrings(a, b);
        else if ((a.IsBoolean && b.IsBoolean) || (a.Kind == ValueKind.Null && b.Kind == ValueKind.Null))
            order = a.Kind - b.Kind;
        else
            return Value.Undefined;
        return Value.Of(comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        });
    }
}

/// <summary><c>x BETWEEN a AND b</c> is <c>x &gt;= a AND x &lt;= b</c> with its three-valued logic.</summary>
internal sealed class BetweenNode(Node operand, Node low, Node high) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        var above = CompareNode.Compare(Comparison.GreaterOrEqual, value, low.Evaluate(frame));
        if (above.IsFalse)
            return above;
        var below = CompareNode.Compare(Comparison.LessOrEqual, value, high.Evaluate(frame));
        return below.IsFalse || above.IsTrue ? below : Value.Undefined;
    }
}

/// <summary>Undefined elements of the list match nothing and spoil nothing.</summary>
internal sealed class InNode(Node operand, Node[] list) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        if (value.IsUndefined)
            return value;
        foreach (var item in list)
        {
            if (ValueOrder.AreEqual(value, item.Evaluate(frame)))
                return Value.True;
        }
        return Value.False;
    }
}
