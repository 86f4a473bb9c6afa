namespace ChangeFeed.Emulator.Model;

/// <summary>
/// Request units by a simple formula with the real service's order of magnitude: reading costs 1 RU per KB,
/// writing 5 RU per KB plus a little for indexing, queries and feed reads by what they look at and return.
/// </summary>
internal static class RequestCharge
{
    public const double Metadata = 1;
    public const double Failure = 1.24;
    private const double QueryBase = 2.3;
    private const double Indexing = 1.29;
    private const int Kilobyte = 1024;

    public static double Read(int bytes) => Units(bytes);

    public static double Write(int bytes) => Math.Round(Indexing + 5 * Units(bytes), 2);

    public static double Feed(long bytes) => bytes == 0 ? 1 : Math.Round(1 + (double)bytes / Kilobyte, 2);

    public static double Query(long bytesScanned, int returned) =>
        Math.Round(QueryBase + bytesScanned / (10.0 * Kilobyte) + returned * 0.05, 2);

    private static double Units(int bytes) => Math.Max(1, (bytes + Kilobyte - 1) / Kilobyte);
}
