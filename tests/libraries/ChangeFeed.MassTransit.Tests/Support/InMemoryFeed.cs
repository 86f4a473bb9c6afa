using System.Text.Json;
using ChangeFeed.MassTransit.Engine;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>A container with partitions and the checkpoints of one endpoint, shared by its instances.</summary>
internal sealed class InMemoryFeed(int partitions)
{
    private readonly Lock _lock = new();
    private readonly List<JsonElement>[] _documents = [.. Enumerable.Range(0, partitions).Select(_ => new List<JsonElement>())];
    private readonly int[] _checkpoints = new int[partitions];
    private readonly int[] _tenures = new int[partitions];
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partitions => partitions;

    /// <summary>Called with every checkpoint: the partition, and the documents before it.</summary>
    public Action<int, IReadOnlyList<JsonElement>>? Checkpointed { get; set; }

    public int Checkpoints { get; private set; }

    public void Append(int partition, params IEnumerable<JsonElement> documents)
    {
        lock (_lock)
        {
            _documents[partition].AddRange(documents);
            _written.SetResult();
            _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Append(JsonElement document) => Append(PartitionOf(document.GetProperty("streamId").GetString()!), document);

    public int PartitionOf(string stream) => (int)((uint)stream.Aggregate(17, (hash, c) => (hash * 31) + c) % (uint)partitions);

    public int CheckpointOf(int partition)
    {
        lock (_lock)
            return _checkpoints[partition];
    }

    public bool IsCheckpointedToTheEnd()
    {
        lock (_lock)
            return _checkpoints.Zip(_documents, (checkpoint, documents) => checkpoint == documents.Count).All(x => x);
    }

    public (int Tenure, int Position) Acquire(int partition)
    {
        lock (_lock)
            return (++_tenures[partition], _checkpoints[partition]);
    }

    public (IReadOnlyList<JsonElement> Documents, Task Written) Read(int partition, int position, int count)
    {
        lock (_lock)
            return (_documents[partition].Skip(position).Take(count).ToList(), _written.Task);
    }

    public void Checkpoint(int partition, int tenure, int position)
    {
        lock (_lock)
        {
            if (_tenures[partition] != tenure)
                throw new FeedLeaseLostException(partition.ToString(System.Globalization.CultureInfo.InvariantCulture));
            _checkpoints[partition] = position;
            Checkpoints++;
            Checkpointed?.Invoke(partition, _documents[partition].Take(position).ToList());
        }
    }
}
