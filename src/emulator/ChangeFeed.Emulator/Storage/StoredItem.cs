using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Storage;

/// <summary>An item with what the server knows about it. Body and key may be empty where they were not asked for.</summary>
internal readonly record struct StoredItem(ulong Rid, byte[] Epk, string Id, long Position, long Timestamp, int? Ttl, byte[] Body)
{
    private const int OrdinalBits = 8;

    public const int MaxOrdinal = (1 << OrdinalBits) - 1;

    /// <summary>Bytes of the body, also where it was not asked for.</summary>
    public int Size { get; init; } = Body.Length;

    /// <summary>The LSN of the transaction that wrote it.</summary>
    public long Lsn => LsnOf(Position);

    public static long LsnOf(long position) => position >> OrdinalBits;

    /// <summary>A position orders writes within a partition: the transaction, then the write within it.</summary>
    public static long PositionOf(long lsn, int ordinal) => (lsn << OrdinalBits) | (long)ordinal;

    /// <summary>A position above everything written up to and including <paramref name="lsn"/>, below what follows.</summary>
    public static long EndOf(long lsn) => PositionOf(lsn, MaxOrdinal);

    /// <summary>Unix seconds from which the item does not exist any more; null for never.</summary>
    public long? ExpiresAt(ContainerDefinition container) =>
        container.DefaultTtl is { } fallback && (Ttl ?? fallback) is > 0 and var seconds ? Timestamp + seconds : null;

    public bool IsExpired(ContainerDefinition container, long now) => ExpiresAt(container) <= now;
}
