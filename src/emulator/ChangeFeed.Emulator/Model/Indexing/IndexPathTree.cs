using System.Text;
using System.Text.Json;

namespace ChangeFeed.Emulator.Model.Indexing;

/// <summary>The paths of an indexing policy as a tree of names, to be walked along with a document.</summary>
internal sealed class IndexPathTree
{
    private readonly List<(byte[] Name, IndexPathTree Node)> _children = [];

    /// <summary>Whether the value at this path is indexed; null where the policy does not name it.</summary>
    public bool? Value { get; private set; }

    /// <summary>Whether this path and all below it is, unless a longer path says otherwise; null where the policy says nothing of it here.</summary>
    public bool? Everything { get; private set; }

    public static IndexPathTree Of(IEnumerable<IndexPath> included, IEnumerable<IndexPath> excluded)
    {
        var root = new IndexPathTree();
        foreach (var path in included)
            root.Add(path, true);
        foreach (var path in excluded)
            root.Add(path, false);
        return root;
    }

    /// <summary>The elements of an array here.</summary>
    public IndexPathTree? Element => Find(IndexPath.Element);

    public IndexPathTree? Find(string name)
    {
        foreach (var (candidate, node) in _children)
            if (Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(candidate))
                return node;
        return null;
    }

    /// <param name="name">A reader on the name of a property.</param>
    public IndexPathTree? Find(ref Utf8JsonReader name)
    {
        foreach (var (candidate, node) in _children)
            if (name.ValueTextEquals(candidate))
                return node;
        return null;
    }

    /// <summary>What the longest path that speaks of this one says.</summary>
    public bool Covers(IReadOnlyList<string> path)
    {
        var (node, indexed) = (this, Everything ?? false);
        foreach (var name in path)
        {
            node = node.Find(name);
            if (node is null)
                return indexed;
            indexed = node.Everything ?? indexed;
        }
        return node.Value ?? indexed;
    }

    private void Add(IndexPath path, bool isIncluded)
    {
        var node = this;
        foreach (var name in path.Names)
        {
            var next = node.Find(name);
            if (next is null)
                node._children.Add((Encoding.UTF8.GetBytes(name), next = new()));
            node = next;
        }
        if (path.IsWildcard)
            node.Everything = isIncluded;
        else
            node.Value = isIncluded;
    }
}
