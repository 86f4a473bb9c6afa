using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Sorts rows into groups and keeps their aggregates; without keys there is always exactly one group.</summary>
internal sealed class Grouper
{
    private readonly GroupPlan _plan;
    private readonly Dictionary<Hash128, Group> _groups = [];
    private readonly Value[] _keys;

    public Grouper(GroupPlan plan)
    {
        _plan = plan;
        _keys = new Value[plan.Keys.Length];
        if (_keys.Length == 0)
            _groups.Add(ValueHash.Of(_keys), new Group(plan, []));
    }

    public IEnumerable<Group> Groups => _groups.Values;

    public void Add(Frame frame)
    {
        for (var i = 0; i < _keys.Length; i++)
            _keys[i] = _plan.Keys[i].Evaluate(frame);
        var hash = ValueHash.Of(_keys);
        if (!_groups.TryGetValue(hash, out var group))
        {
            group = new Group(_plan, [.. _keys.Select(key => key.Detach())]);
            _groups.Add(hash, group);
        }
        group.Add(frame);
    }
}

/// <summary>A group: its keys and the state of its aggregates.</summary>
internal sealed class Group(GroupPlan plan, Value[] keys)
{
    private readonly Aggregate[] _aggregates = [.. plan.Aggregates.Select(aggregate => new Aggregate(aggregate.Kind))];

    public IReadOnlyList<Value> Keys => keys;

    public void Add(Frame frame)
    {
        for (var i = 0; i < _aggregates.Length; i++)
            _aggregates[i].Add(plan.Aggregates[i].Argument.Evaluate(frame));
    }

    /// <summary>Puts keys and results where the projection looks for them.</summary>
    public void Bind(Frame frame)
    {
        for (var i = 0; i < keys.Length; i++)
            frame.Slots[plan.KeySlots[i]] = keys[i];
        for (var i = 0; i < _aggregates.Length; i++)
            frame.Slots[plan.Aggregates[i].Slot] = _aggregates[i].Result;
    }
}
