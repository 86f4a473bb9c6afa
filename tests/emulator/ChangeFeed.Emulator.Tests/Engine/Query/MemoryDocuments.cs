using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Engine.Query;

/// <summary>Documents in memory, numbered from 1. It uses the hints as an index would, and one buffer for all rows.</summary>
internal sealed class MemoryDocuments(IEnumerable<string> documents, string partitionKey = "pk") : IQuerySource
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public SortedDictionary<ulong, string> Rows { get; } =
        new(documents.Select((json, index) => (json, rid: (ulong)index + 1)).ToDictionary(row => row.rid, row => row.json));

    public bool UseHints { get; init; } = true;

    public QueryScan? LastScan { get; private set; }

    public int Scanned { get; private set; }

    public IEnumerable<QueryRow> Scan(QueryScan scan)
    {
        LastScan = scan;
        var rows = scan.Descending
            ? Rows.Where(row => row.Key < scan.AfterRid).Reverse().ToList()
            : Rows.Where(row => row.Key > scan.AfterRid).ToList();
        foreach (var (rid, json) in rows)
        {
            if (UseHints && !Matches(scan, json))
                continue;
            Scanned++;
            var length = Encoding.UTF8.GetBytes(json, _buffer);
            yield return new QueryRow(rid, _buffer.AsMemory(0, length));
            _buffer.AsSpan(0, length).Fill((byte)'?');
        }
    }

    private bool Matches(QueryScan scan, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (scan.Ids is { } ids && !(root.TryGetProperty("id", out var id) && ids.Contains(id.GetString()!)))
            return false;
        return scan.PartitionKeys is not { } keys
            || keys.Contains(root.TryGetProperty(partitionKey, out var key) ? $"[{key.GetRawText()}]" : "[{}]");
    }
}
