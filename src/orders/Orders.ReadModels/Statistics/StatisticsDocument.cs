namespace Orders.ReadModels.Statistics;

/// <summary>
/// One document of the view <c>statistics</c>: the counters of a minute, by country, or of an hour, by product. Partition key
/// <c>/window</c>: an hour of events and one of <see cref="Shards"/> parts of all orders, so that no partition takes all writes of the hour.
/// A counter is named <c>what|which</c>, such as <c>orders|US</c> or <c>revenue|USD|KB-01</c>.
/// </summary>
public sealed record StatisticsDocument(string Id, string Window, long Version, IReadOnlyDictionary<string, long> Counters)
{
    /// <summary>Parts an hour is divided into.</summary>
    public const int Shards = 4;

    /// <summary>Documents the products of a window are divided into.</summary>
    public const int ProductDocuments = 16;

    /// <summary>Money is counted in thousandths, the smallest unit of any currency.</summary>
    public const decimal MoneyUnits = 1000;

    /// <summary>The windows of an hour, one per shard.</summary>
    public static IEnumerable<string> Windows(DateTimeOffset hour) => Enumerable.Range(0, Shards).Select(shard => WindowIn(hour, shard));

    /// <summary>The window an event of an order is counted in.</summary>
    public static string WindowOf(string order, DateTimeOffset at) => WindowIn(at, (int)(Hash(order) % Shards));

    /// <summary>The document that counts a minute.</summary>
    public static string MinuteId(int minute) => FormattableString.Invariant($"m{minute:00}");

    /// <summary>The document that counts a product.</summary>
    public static string ProductId(string sku) => ProductId((int)(Hash(sku) % ProductDocuments));

    /// <summary>A document that counts products.</summary>
    public static string ProductId(int number) => FormattableString.Invariant($"p{number:00}");

    private static string WindowIn(DateTimeOffset at, int shard) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-ddTHH}-{shard}");

    // FNV-1a: must be the same in every process and for all time.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u));
}
