using System.Globalization;
using System.Text.Json;
using ChangeFeed.DeltaLake.Storage;

namespace ChangeFeed.DeltaLake.Log;

/// <summary>The commits of a table, each a file of lines.</summary>
internal static class LogFiles
{
    public const string Folder = "_delta_log";

    public static string PathOf(long version) => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{version:D20}.json");

    /// <summary>The version of a commit's file; null for any other file.</summary>
    public static long? VersionOf(string path) =>
        path.StartsWith(Folder + "/", StringComparison.Ordinal) && path.Length == Folder.Length + 1 + 20 + 5 && path.EndsWith(".json", StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(Folder.Length + 1, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : null;

    public static byte[] Write(IEnumerable<CommitLine> lines)
    {
        using var content = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(content, line, LogJson.Legible.CommitLine);
            content.WriteByte((byte)'\n');
        }

        return content.ToArray();
    }

    /// <summary>Reads a commit; null when there is none of this version.</summary>
    /// <exception cref="DeltaTableException">It is damaged.</exception>
    public static async Task<List<CommitLine>?> ReadAsync(ITableStorage storage, long version, CancellationToken cancellationToken)
    {
        if (await storage.ReadAsync(PathOf(version), cancellationToken) is not { } content)
            return null;
        var lines = new List<CommitLine>();
        try
        {
            foreach (var range in Lines(content))
                lines.Add(JsonSerializer.Deserialize(content.AsSpan(range), LogJson.Default.CommitLine)!);
        }
        catch (JsonException e)
        {
            throw new DeltaTableException($"{PathOf(version)} of the table at {storage.Location} is damaged: {e.Message}", e);
        }

        return lines;
    }

    public static async Task<bool> IsThereAsync(ITableStorage storage, long version, CancellationToken cancellationToken)
    {
        await using var commit = await storage.OpenAsync(PathOf(version), cancellationToken);
        return commit is not null;
    }

    private static IEnumerable<Range> Lines(byte[] content)
    {
        for (var start = 0; start < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', start) is var found && found < 0 ? content.Length : found;
            if (!content.AsSpan(start, end - start).Trim(" \r\t"u8).IsEmpty)
                yield return start..end;
            start = end + 1;
        }
    }
}
