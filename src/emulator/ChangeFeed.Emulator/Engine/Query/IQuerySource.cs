namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>The documents a query runs over: one physical partition, a range of it, or one partition key.</summary>
internal interface IQuerySource
{
    /// <summary>
    /// Streams the rows in the order of their rid. The hints of <paramref name="scan"/> may be used to seek an index;
    /// rows that do not match them may be returned as well, rows that match must not be left out.
    /// </summary>
    IEnumerable<QueryRow> Scan(QueryScan scan);
}

/// <summary>A stored document.</summary>
/// <param name="Rid">The document's number: the last 8 bytes of its <c>_rid</c>, little-endian.</param>
/// <param name="Json">UTF-8 JSON with the system properties; read only until the enumeration moves on, so a buffer may be used
/// again.</param>
internal readonly record struct QueryRow(ulong Rid, ReadOnlyMemory<byte> Json);

/// <summary>What part of the source a query needs.</summary>
/// <param name="AfterRid">Only rows beyond this rid: greater when ascending, smaller when descending.</param>
/// <param name="Descending">Rows with the greatest rid first.</param>
/// <param name="Ids">Hint: only documents with one of these ids can match; null when unknown.</param>
/// <param name="PartitionKeys">
/// Hint: only documents with one of these complete partition keys can match; null when unknown. Each is the JSON text
/// of an array with one value per path, as in the header <c>x-ms-documentdb-partitionkey</c>.
/// </param>
internal sealed record QueryScan(ulong AfterRid, bool Descending, IReadOnlyList<string>? Ids, IReadOnlyList<string>? PartitionKeys);
