namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>The names a (sub)query can use: its own aliases, then those of the query around it.</summary>
/// <param name="outer">The scope around it.</param>
/// <param name="grouping">Set for subqueries in the projection of a grouped query: outside there are only its keys.</param>
internal sealed class Scope(Scope? outer, Grouping? grouping = null)
{
    private readonly Dictionary<string, Node> _names = [];

    public bool IsEmpty => _names.Count == 0 && outer is not { IsEmpty: false };

    /// <summary>The grouping beyond whose keys nothing can be seen from here.</summary>
    public Grouping? Grouping => grouping ?? outer?.Grouping;

    public bool TryAdd(string name, Node node) => _names.TryAdd(name, node);

    /// <summary>Finds a name; <paramref name="grouped"/> tells that its rows have been replaced by groups.</summary>
    public Node? Find(string name, out bool grouped)
    {
        grouped = false;
        if (_names.TryGetValue(name, out var node))
            return node;
        node = outer?.Find(name, out grouped);
        grouped |= grouping is not null;
        return node;
    }
}
