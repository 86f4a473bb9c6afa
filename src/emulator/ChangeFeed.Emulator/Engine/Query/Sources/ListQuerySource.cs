namespace ChangeFeed.Emulator.Engine.Query.Sources;

/// <summary>A short list of documents, such as the databases, for queries.</summary>
internal sealed class ListQuerySource(IReadOnlyList<ReadOnlyMemory<byte>> documents) : IQuerySource
{
    public IEnumerable<QueryRow> Scan(QueryScan scan)
    {
        var rows = documents.Select((json, i) => new QueryRow((ulong)i + 1, json));
        return scan.Descending
            ? rows.Reverse().Where(row => row.Rid < scan.AfterRid)
            : rows.Where(row => row.Rid > scan.AfterRid);
    }
}
