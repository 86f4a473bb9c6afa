using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>An expression ready to be evaluated. Nodes hold no state of a run: one tree serves concurrent queries.</summary>
internal abstract class Node
{
    public abstract Value Evaluate(Frame frame);
}

internal sealed class ConstantNode(Value value) : Node
{
    public override Value Evaluate(Frame frame) => value;

    public Value Value => value;
}

internal sealed class SlotNode(int slot) : Node
{
    public int Slot => slot;

    public override Value Evaluate(Frame frame) => frame.Slots[slot];
}

internal sealed class ParameterNode(int index) : Node
{
    public override Value Evaluate(Frame frame) => frame.Parameters[index];
}

internal sealed class PropertyNode(Node target, string name) : Node
{
    private readonly PropertyName _name = new(name);

    public override Value Evaluate(Frame frame) => target.Evaluate(frame).GetProperty(_name);
}

/// <summary><c>target[index]</c>: a number picks from an array, a string from an object.</summary>
internal sealed class IndexNode(Node target, Node index) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var key = index.Evaluate(frame);
        return key.Kind switch
        {
            ValueKind.Number => target.Evaluate(frame).GetItem(Math.Truncate(key.AsNumber())),
            ValueKind.String => target.Evaluate(frame).GetProperty(new PropertyName(key.AsString())),
            _ => Value.Undefined,
        };
    }
}

/// <summary>Undefined elements are left out.</summary>
internal sealed class ArrayNode(Node[] items) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var values = new List<Value>(items.Length);
        foreach (var item in items)
        {
            var value = item.Evaluate(frame);
            if (!value.IsUndefined)
                values.Add(value);
        }
        return Value.Of(values);
    }
}

/// <summary>Undefined members are left out.</summary>
internal sealed class ObjectNode(KeyValuePair<string, Node>[] members) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = new ObjectValue(members.Length);
        foreach (var (name, member) in members)
            value.Add(name, member.Evaluate(frame));
        return Value.Of(value);
    }
}
