using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Bench.Stub;

/// <summary>One physical partition: a log of documents and an index into it, in memory.</summary>
internal sealed class StubPartition(int id, string containerRid)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string PartitionKey, string Id), StubItem> _items = [];
    private readonly Dictionary<string, List<StubItem>> _byPartitionKey = [];
    private readonly List<StubItem?> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    public long Lsn
    {
        get
        {
            lock (_gate)
                return _log.Count;
        }
    }

    public bool TryGet(string partitionKey, string itemId, [NotNullWhen(true)] out StubItem? item)
    {
        lock (_gate)
            return _items.TryGetValue((partitionKey, itemId), out item);
    }

    /// <summary>Creates or replaces a document; null when the condition does not hold.</summary>
    public StubItem? Put(string partitionKey, IncomingItem incoming, Func<StubItem?, bool> condition)
    {
        TaskCompletionSource changed;
        StubItem item;
        lock (_gate)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_items, (partitionKey, incoming.Id), out var exists);
            if (!condition(slot))
            {
                if (!exists)
                    _items.Remove((partitionKey, incoming.Id));
                return null;
            }

            item = incoming.Store(partitionKey, containerRid, _log.Count + 1);
            if (slot is not null)
                Forget(slot);
            slot = item;
            _log.Add(item);
            (CollectionsMarshal.GetValueRefOrAddDefault(_byPartitionKey, partitionKey, out _) ??= []).Add(item);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return item;
    }

    public bool Delete(string partitionKey, string itemId)
    {
        lock (_gate)
        {
            if (!_items.Remove((partitionKey, itemId), out var item))
                return false;
            Forget(item);
            return true;
        }
    }

    public List<StubItem> WithPrefix(string idPrefix)
    {
        lock (_gate)
            return _items.Values.Where(i => i.Id.StartsWith(idPrefix, StringComparison.Ordinal)).ToList();
    }

    public List<StubItem> OfPartitionKey(string partitionKey)
    {
        lock (_gate)
            return _byPartitionKey.TryGetValue(partitionKey, out var items) ? [.. items] : [];
    }

    /// <summary>What changed after an LSN; where there is nothing, also the task that ends when something does.</summary>
    public (List<StubItem> Items, long Lsn, Task Changed) ReadFeed(long after, long sinceTs, int max)
    {
        lock (_gate)
        {
            var items = new List<StubItem>();
            var at = after;
            for (; at < _log.Count && items.Count < max; at++)
            {
                if (_log[(int)at] is { } item && item.Ts >= sinceTs)
                    items.Add(item);
            }

            return (items, at, _changed.Task);
        }
    }

    private void Forget(StubItem item)
    {
        _log[(int)item.Lsn - 1] = null;
        _byPartitionKey[item.PartitionKey].Remove(item);
    }
}
