using System.Text;

namespace ChangeFeed.Emulator.Engine.Query.Values;

/// <summary>A property name in both forms in which it is compared.</summary>
internal sealed class PropertyName(string text)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public string Text { get; } = text;

    /// <summary>Whether the inside of a JSON string is this name.</summary>
    public bool Matches(ReadOnlySpan<byte> json) =>
        json.SequenceEqual(_utf8) || (json.Contains((byte)'\\') && JsonScan.Unescape(json) == Text);
}
