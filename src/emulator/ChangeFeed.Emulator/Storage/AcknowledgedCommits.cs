using System.Globalization;
using System.Text;

namespace ChangeFeed.Emulator.Storage;

/// <summary>
/// The number of the last commit that was acknowledged, in a file beside the data. It is written after the data is on disk, and handed to the
/// operating system only: so it never runs ahead, it outlives the process, and costs a write no second flush. Data that ends before it
/// has lost its write-ahead log. After a power failure it may be behind, by what the system had not yet flushed.
/// </summary>
internal sealed class AcknowledgedCommits : IDisposable
{
    private const int Length = 16 + 1 + 20 + 1;

    private readonly FileStream _file;

    public AcknowledgedCommits(string path) =>
        _file = new(path, Files.OwnersOnly(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));

    /// <summary>The last commit acknowledged to clients of a store; null where this file does not say, or speaks of another store.</summary>
    public long? Read(long store)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var read = RandomAccess.Read(_file.SafeFileHandle, bytes, 0);
        var words = Encoding.ASCII.GetString(bytes[..read]).Split(' ', '\n');
        return words.Length == 3 && words[0] == $"{store:x16}"
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var commit)
            ? commit
            : null;
    }

    public void Write(long store, long commit)
    {
        Span<byte> bytes = stackalloc byte[Length];
        System.Text.Unicode.Utf8.TryWrite(bytes, CultureInfo.InvariantCulture, $"{store:x16} {commit:D20}\n", out _);
        RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
    }

    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Dispose() => _file.Dispose();
}
