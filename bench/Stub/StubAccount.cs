using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Bench.Stub;

/// <summary>Databases and containers of the stub, by name and by rid.</summary>
internal sealed class StubAccount(int partitions)
{
    private readonly ConcurrentDictionary<string, string> _databaseRids = new();
    private readonly ConcurrentDictionary<string, StubContainer> _containers = new();
    private int _counter;

    public string? FindDatabase(string name) => _databaseRids.GetValueOrDefault(name);

    public string CreateDatabase(string name) => _databaseRids.GetOrAdd(name, _ =>
    {
        Span<byte> rid = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(rid, Interlocked.Increment(ref _counter));
        return Rid(rid);
    });

    public StubContainer? FindContainer(string database, string container) => _containers.GetValueOrDefault($"{database}/{container}");

    public StubContainer CreateContainer(string database, string name, string definition)
    {
        var databaseRid = _databaseRids[database];
        Span<byte> rid = stackalloc byte[8];
        Convert.FromBase64String(databaseRid.Replace('-', '/')).CopyTo(rid);
        BinaryPrimitives.WriteInt32BigEndian(rid[4..], Interlocked.Increment(ref _counter) | int.MinValue);
        var container = new StubContainer(Rid(rid), definition, partitions);
        _containers[$"{databaseRid}/{container.Rid}"] = container;
        return _containers[$"{database}/{name}"] = container;
    }

    private static string Rid(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).Replace('/', '-');
}

/// <summary>One container: where its documents are is decided by a hash of the key, since the SDK leaves that to the endpoint.</summary>
internal sealed class StubContainer(string rid, string definition, int partitions)
{
    public string Rid => rid;

    /// <summary>The definition as posted, without its closing brace.</summary>
    public string Definition { get; } = definition.TrimEnd()[..^1];

    public StubPartition[] Partitions { get; } = [.. Enumerable.Range(0, partitions).Select(i => new StubPartition(i, rid))];

    public StubPartition PartitionOf(string partitionKey) =>
        Partitions[(int)((uint)string.GetHashCode(partitionKey, StringComparison.Ordinal) % (uint)partitions)];

    /// <summary>Bounds of a partition as the SDK expects them: 32 hex digits of i · ⌊(2¹²⁶ − 1) / n⌋.</summary>
    public string Bound(int i) => i == 0 ? "" : i == partitions
        ? "FF"
        : ((UInt128)i * (((UInt128.One << 126) - 1) / (UInt128)partitions)).ToString("X32", null);
}
