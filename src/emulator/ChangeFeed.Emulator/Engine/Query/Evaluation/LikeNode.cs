using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

internal sealed class LikeNode(Node operand, Node pattern, string? escape) : Node
{
    // The pattern is nearly always the same for all documents of a run.
    private volatile LikePattern? _last;

    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        var text = pattern.Evaluate(frame);
        if (!value.IsString || !text.IsString)
            return Value.Undefined;
        var wanted = text.AsString();
        var compiled = _last;
        if (compiled?.Text != wanted)
            _last = compiled = new LikePattern(wanted, escape is null ? null : escape[0]);
        return Value.Of(compiled.Matches(value.AsString()));
    }
}
