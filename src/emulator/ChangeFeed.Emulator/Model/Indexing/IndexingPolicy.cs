using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Indexing;

/// <summary>One property of an ORDER BY: the names of its path in the document, and its direction.</summary>
internal readonly record struct OrderedPath(string[] Names, bool Descending);

/// <summary>What of a container's indexing policy decides whether a query can be served, and what a write costs. Nothing is indexed by it here.</summary>
internal sealed record IndexingPolicy(bool IsOff, IndexPath[] Included, IndexPath[] Excluded, OrderedPath[][] Composites)
{
    /// <summary>The paths as a tree.</summary>
    public IndexPathTree Tree { get; } = IndexPathTree.Of(Included, Excluded);

    /// <summary>Whether writes have no index to keep.</summary>
    public bool IndexesNothing => IsOff || (Included.Length == 0 && Composites.Length == 0);

    /// <summary>Whether ORDER BY this property alone can be served.</summary>
    public bool Covers(IReadOnlyList<string> path)
    {
        if (IsOff)
            return false;
        // The service indexes these whatever the policy says.
        if (path is ["id"] or ["_ts"])
            return true;
        return Tree.Covers(path);
    }

    /// <summary>Whether a path is included by name: <c>/*</c> does not stand for computed properties.</summary>
    public bool Names(IReadOnlyList<string> path) => !IsOff && Array.Exists(Included, candidate => candidate.Names.Length > 0 && candidate.Covers(path));

    /// <summary>Whether a composite index has exactly these properties in this order, all in their directions or all in the other.</summary>
    public bool HasComposite(IReadOnlyList<OrderedPath> order) => Array.Exists(Composites, index =>
        index.Length == order.Count
        && index.Zip(order).All(pair => pair.First.Names.AsSpan().SequenceEqual(pair.Second.Names))
        && index.Zip(order).Select(pair => pair.First.Descending == pair.Second.Descending).Distinct().Count() == 1);

    /// <summary>Reads a completed policy. What cannot be read was stored before policies were checked, and counts as not there.</summary>
    public static IndexingPolicy Read(JsonElement policy)
    {
        var isOff = policy.TryGetProperty("indexingMode", out var mode) && mode.Says("none");
        return new(isOff, Paths(policy, "includedPaths"), Paths(policy, "excludedPaths"), [.. Lists(policy, "compositeIndexes").Select(Composite)]);
    }

    private static IndexPath[] Paths(JsonElement policy, string name) =>
        [.. Lists(policy, name).Select(Path).Select(path => IndexPath.Parse(path, out _)).OfType<IndexPath>()];

    private static OrderedPath[] Composite(JsonElement index) => index.ValueKind != JsonValueKind.Array ? [] :
    [
        .. index.EnumerateArray().Select(part => new OrderedPath(
            IndexPath.ParseNames(Path(part), out _) ?? [],
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("order", out var order) && order.Says("descending")))
    ];

    private static string Path(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
            ? path.GetString()!
            : "";

    private static IEnumerable<JsonElement> Lists(JsonElement policy, string name) =>
        policy.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
