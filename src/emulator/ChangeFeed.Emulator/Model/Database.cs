using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Model;

/// <summary>A database and the containers in it.</summary>
internal sealed class Database(uint rid, string id, long timestamp, string etag)
{
    private readonly ConcurrentDictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Container> _containersByRid = new(StringComparer.Ordinal);

    public uint Rid => rid;

    public string RidText { get; } = ResourceId.Database(rid);

    public string Id => id;

    /// <summary>Its path by name, as headers have it.</summary>
    public string AltPath { get; } = $"dbs/{Uri.EscapeDataString(id)}";

    public long Timestamp => timestamp;

    public string Etag => etag;

    public IEnumerable<Container> Containers => _containers.Values.OrderBy(container => container.Number);

    public Container? Find(string nameOrRid) =>
        _containers.TryGetValue(nameOrRid, out var container) || _containersByRid.TryGetValue(nameOrRid, out container) ? container : null;

    public void Add(Container container)
    {
        _containers[container.Id] = container;
        _containersByRid[container.RidText] = container;
    }

    /// <summary>Takes over what was read from disk after it was written there from elsewhere.</summary>
    public void Follow(Database stored)
    {
        var left = stored.Containers.ToDictionary(container => container.Number);
        foreach (var known in Containers.ToList())
        {
            if (left.Remove(known.Number, out var container))
            {
                known.Follow(container);
                continue;
            }
            Remove(known);
            known.MarkDropped();
        }
        foreach (var added in left.Values)
            Add(added.In(this));
    }

    public void Remove(Container container)
    {
        _containers.TryRemove(container.Id, out _);
        _containersByRid.TryRemove(container.RidText, out _);
    }
}
