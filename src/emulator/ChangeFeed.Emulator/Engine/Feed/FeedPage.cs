using System.Buffers;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Feed;

/// <summary>A page of items being written as <c>{"_rid":…,"Documents":[…],"_count":n}</c> into pooled memory.</summary>
internal sealed class FeedPage : IBufferWriter<byte>, IDisposable
{
    /// <summary>A page is not continued beyond this many bytes.</summary>
    public const int SoftLimit = 4 * 1024 * 1024;

    private double _charge;
    private int _began;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    public FeedPage(string rid, string name = "Documents") => Append($$"""{"_rid":"{{rid}}","{{name}}":[""");

    public int Count { get; private set; }

    public int Length { get; private set; }

    /// <summary>Which documents are not to be kept waiting; null where all are alike.</summary>
    public WakeRule? Wake { get; init; }

    /// <summary>One of those is in it.</summary>
    public bool Wakes { get; private set; }

    public bool IsFull => Length >= SoftLimit;

    /// <summary>What reading each item by itself would cost.</summary>
    public double Charge => _charge + (Count == 0 ? 0 : RequestCharge.Read(Length - _began));

    /// <summary>Call before each item.</summary>
    public void Next()
    {
        _charge = Charge;
        if (Count++ > 0)
            Append(",");
        _began = Length;
    }

    /// <summary>Call with what was added, as it is stored.</summary>
    public void Look(ReadOnlySpan<byte> document) => Wakes |= !Wakes && Wake?.Matches(document) == true;

    public void Add(ReadOnlySpan<byte> json)
    {
        json.CopyTo(GetSpan(json.Length));
        Advance(json.Length);
    }

    public ReadOnlyMemory<byte> Finish()
    {
        Append($$"""],"_count":{{Count}}}""");
        return _buffer.AsMemory(0, Length);
    }

    private void Append(string text) => Advance(System.Text.Encoding.UTF8.GetBytes(text, GetSpan(text.Length * 3)));

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(Length);
    }

    private void Reserve(int size)
    {
        if (_buffer.Length - Length >= Math.Max(size, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + size));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
