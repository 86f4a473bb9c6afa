namespace ChangeFeed.Emulator.Engine.Query.Execution;

/// <summary>Collects the results of one page.</summary>
internal sealed class Page(int maxItems)
{
    /// <summary>A page ends when it has so many bytes, however many items were asked for; it may exceed them by one item.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int DefaultItems = 100;
    private const int MaxItems = 10_000;

    private readonly List<ReadOnlyMemory<byte>> _documents = [];
    private int _bytes;

    public int Capacity { get; } = maxItems switch
    {
        0 => DefaultItems,
        < 0 or > MaxItems => MaxItems,
        _ => maxItems,
    };

    public bool IsFull => _documents.Count >= Capacity || _bytes >= MaxBytes;

    public IReadOnlyList<ReadOnlyMemory<byte>> Documents => _documents;

    public void Add(byte[] json)
    {
        _documents.Add(json);
        _bytes += json.Length;
    }
}
