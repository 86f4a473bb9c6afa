namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>An object made by a query. Members whose value is undefined do not exist.</summary>
internal sealed class ObjectValue
{
    private readonly List<KeyValuePair<string, Value>> _members;

    public ObjectValue(int capacity = 4)
    {
        _members = new List<KeyValuePair<string, Value>>(capacity);
    }

    public IReadOnlyList<KeyValuePair<string, Value>> Members => _members;

    public void Add(string name, Value value)
    {
        if (!value.IsUndefined)
            _members.Add(new(name, value));
    }

    public Value Get(string name)
    {
        foreach (var member in _members)
        {
            if (member.Key == name)
                return member.Value;
        }
        return Value.Undefined;
    }
}
