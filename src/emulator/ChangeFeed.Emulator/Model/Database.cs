using System.Collections.Concurrent;

namespace ChangeFeed.Emulator.Model;

/// <summary>A database and the containers in it.</summary>
sealed class Database(uint rid, string id, long timestamp, string etag)
{
    readonly ConcurrentDictionary<string, Container> containers = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Container> containersByRid = new(StringComparer.Ordinal);

    public uint Rid => rid;

    public string RidText { get; } = ResourceId.Database(rid);

    public string Id => id;

    public long Timestamp => timestamp;

    public string Etag => etag;

    public IEnumerable<Container> Containers => containers.Values.OrderBy(container => container.Number);

    public Container? Find(string nameOrRid) =>
        containers.TryGetValue(nameOrRid, out var container) || containersByRid.TryGetValue(nameOrRid, out container) ? container : null;

    public void Add(Container container)
    {
        containers[container.Id] = container;
        containersByRid[container.RidText] = container;
    }

    public void Remove(Container container)
    {
        containers.TryRemove(container.Id, out _);
        containersByRid.TryRemove(container.RidText, out _);
    }
}
