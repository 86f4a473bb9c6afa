using System.Collections.Frozen;
using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>A built-in scalar function.</summary>
/// <param name="Name">Its name in capitals.</param>
/// <param name="Least">The fewest arguments it takes.</param>
/// <param name="Most">The most arguments it takes.</param>
/// <param name="Bind">Makes the node of a call.</param>
internal sealed record Function(string Name, int Least, int Most, Func<Node[], Node> Bind)
{
    private static readonly FrozenDictionary<string, Function> All = new IEnumerable<Function>[]
    {
        TypeFunctions.All, MathFunctions.All, IntegerFunctions.All, StringFunctions.All, StringConversionFunctions.All, RegexFunctions.All,
        ArrayFunctions.All, SetFunctions.All, DateTimeFunctions.All, ClockFunctions.All, OtherFunctions.All, UnsupportedFunctions.All,
    }.SelectMany(family => family).ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the function cannot be used; null when it can.</summary>
    public string? Unsupported { get; init; }

    public string Arity => Least == Most ? $"{Least}" : Most == int.MaxValue ? $"at least {Least}" : $"{Least} to {Most}";

    public static Function? Find(string name) => All.GetValueOrDefault(name);

    public static Function OfFrame(string name, Func<Frame, Value> body) => new(name, 0, 0, _ => new Call0(body));

    public static Function Of(string name, Func<Value, Value> body) => new(name, 1, 1, a => new Call1(a[0], body));

    public static Function Of(string name, Func<Value, Value, Value> body) => new(name, 2, 2, a => new Call2(a[0], a[1], body));

    public static Function Of(string name, int least, int most, Func<Value[], Value> body) =>
        new(name, least, most, a => new CallN(a, body));

    private sealed class Call0(Func<Frame, Value> body) : Node
    {
        public override Value Evaluate(Frame frame) => body(frame);
    }

    private sealed class Call1(Node argument, Func<Value, Value> body) : Node
    {
        public override Value Evaluate(Frame frame) => body(argument.Evaluate(frame));
    }

    private sealed class Call2(Node first, Node second, Func<Value, Value, Value> body) : Node
    {
        public override Value Evaluate(Frame frame) => body(first.Evaluate(frame), second.Evaluate(frame));
    }

    private sealed class CallN(Node[] arguments, Func<Value[], Value> body) : Node
    {
        public override Value Evaluate(Frame frame)
        {
            var values = new Value[arguments.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = arguments[i].Evaluate(frame);
            return body(values);
        }
    }
}
