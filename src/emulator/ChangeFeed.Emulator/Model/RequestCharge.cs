namespace ChangeFeed.Emulator.Model;

/// <summary>
/// Request units as Microsoft's page "Understand request units consumption" (April 2026) says what they are made of: the size of the
/// document, 0.2 RU for each term of the index that comes or goes, a replacement as a delete and an insert. Queries are our own estimate:
/// nothing is published but what they depend on.
/// </summary>
internal static class RequestCharge
{
    public const double Metadata = 1;
    public const double Failure = 1.24;
    private const double Term = 0.2;
    private const double PatchedProperty = 0.4;
    private const double QueryBase = 2.3;
    private const double Kilobyte = 1024;

    // Kilobytes 1, 2, 4, 8 … 2,048.
    private static readonly double[] Reads = [1, 1.04, 1.14, 1.33, 1.67, 2.19, 4.76, 9.95, 20.28, 40.95, 145.90, 291.80];
    private static readonly double[] Writes = [4.95, 6.29, 6.67, 7.04, 9.52, 11.23, 22.67, 48.19, 98.29, 184.57, 625, 1250];

    public static double Read(int bytes) => Rounded(BySize(Reads, bytes));

    public static double Create(int bytes, int terms) => Rounded(BySize(Writes, bytes) + Term * terms);

    public static double Delete(int bytes, int terms) => Create(bytes, terms);

    /// <param name="before">Bytes of the document that goes.</param>
    /// <param name="after">Bytes of the one that comes.</param>
    /// <param name="changedTerms">Terms that only one of them has.</param>
    /// <param name="patched">Operations of a patch; 0 for a replacement.</param>
    public static double Replace(int before, int after, int changedTerms, int patched = 0) =>
        Rounded(BySize(Writes, before) + BySize(Writes, after) + Term * changedTerms + PatchedProperty * patched);

    /// <param name="documents">What reading each document by itself costs, together.</param>
    public static double Feed(double documents) => Rounded(Math.Max(Metadata, documents));

    public static double Query(long bytesScanned, int returned) => Rounded(QueryBase + bytesScanned / (10 * Kilobyte) + returned * 0.05);

    private static double Rounded(double units) => Math.Round(units, 2);

    /// <summary>Between two sizes of the table the straight line.</summary>
    private static double BySize(double[] table, int bytes)
    {
        var doublings = Math.Log2(Math.Max(1, bytes / Kilobyte));
        var row = Math.Min((int)doublings, table.Length - 2);
        var size = Kilobyte * (1 << row);
        return table[row] + (table[row + 1] - table[row]) * (Math.Max(size, bytes) - size) / size;
    }
}
