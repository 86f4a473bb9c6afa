using ChangeFeed.Emulator.Engine.Query.Syntax;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Collects, while the projection of a grouped query is compiled, what its groups must provide.</summary>
internal sealed class Grouping
{
    private readonly Dictionary<string, Node> _keys = [];

    public List<Node> Keys { get; } = [];
    public List<int> KeySlots { get; } = [];
    public List<AggregatePlan> Aggregates { get; } = [];

    public void AddKey(Expression expression, Node key, int slot)
    {
        Keys.Add(key);
        KeySlots.Add(slot);
        _keys.TryAdd(SqlText.Of(expression), new SlotNode(slot));
    }

    /// <summary>The group's value of an expression that GROUP BY names.</summary>
    public Node? FindKey(Expression expression) => _keys.Count == 0 ? null : _keys.GetValueOrDefault(SqlText.Of(expression));

    public GroupPlan ToPlan() => new([.. Keys], [.. KeySlots], [.. Aggregates]);
}
