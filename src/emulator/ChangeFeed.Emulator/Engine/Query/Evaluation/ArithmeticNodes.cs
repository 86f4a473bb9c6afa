using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

internal sealed class ArithmeticNode(Node left, Node right, Func<double, double, double> operation) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var a = left.Evaluate(frame);
        var b = right.Evaluate(frame);
        return a.IsNumber && b.IsNumber ? Value.Of(operation(a.AsNumber(), b.AsNumber())) : Value.Undefined;
    }

    public static Func<double, double, double>? Find(string symbol) => symbol switch
    {
        "+" => static (a, b) => a + b,
        "-" => static (a, b) => a - b,
        "*" => static (a, b) => a * b,
        "/" => static (a, b) => a / b,
        "%" => static (a, b) => a % b,
        "&" => static (a, b) => Int32Of(a) & Int32Of(b),
        "|" => static (a, b) => Int32Of(a) | Int32Of(b),
        "^" => static (a, b) => Int32Of(a) ^ Int32Of(b),
        "<<" => static (a, b) => Int32Of(a) << Int32Of(b),
        ">>" => static (a, b) => Int32Of(a) >> Int32Of(b),
        ">>>" => static (a, b) => Int32Of(a) >>> Int32Of(b),
        _ => null,
    };

    /// <summary>As JavaScript does for its bitwise operators: the fraction is cut off, of the integer the lowest 32 bits count.</summary>
    public static int Int32Of(double number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
            return (int)number;
        if (!double.IsFinite(number))
            return 0;
        var remainder = Math.Truncate(number) % 4294967296.0;
        return unchecked((int)(long)remainder);
    }
}

internal sealed class UnaryNumberNode(Node operand, Func<double, double> operation) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        return value.IsNumber ? Value.Of(operation(value.AsNumber())) : Value.Undefined;
    }
}

/// <summary><c>||</c>: two strings, nothing else.</summary>
internal sealed class ConcatenationNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var a = left.Evaluate(frame);
        var b = right.Evaluate(frame);
        return a.IsString && b.IsString ? Value.Of(string.Concat(a.AsString(), b.AsString())) : Value.Undefined;
    }
}
