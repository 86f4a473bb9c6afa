using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Orders.ReadModels.Statistics;

/// <summary>
/// One document of the view <c>statistics</c>: counters of a minute, by country, or of an hour, of one product. Partition key
/// <c>/window</c>: an hour of events and one of <see cref="Shards"/> parts of all orders, so that no partition takes all writes of the hour.
/// <para>
/// No document grows with what customers send. A minute has three, whose counters are named <c>what|which</c>, such as <c>orders|US</c>,
/// <c>shipTimes|57|US</c> and <c>revenue|USD|US</c>: there are only so many countries, currencies and classes. A product has one of its own,
/// whose counters are named <c>orders</c> or <c>revenue|USD</c>.
/// </para>
/// </summary>
/// <param name="Id">Which minute or product of the window.</param>
/// <param name="Window">The hour and the part.</param>
/// <param name="Version">How many increments are in it.</param>
/// <param name="Counters">The counters.</param>
/// <param name="Sku">The product; null where countries are counted.</param>
public sealed partial record StatisticsDocument(string Id, string Window, long Version, IReadOnlyDictionary<string, long> Counters, string? Sku = null)
{
    /// <summary>Parts an hour is divided into.</summary>
    public const int Shards = 4;

    /// <summary>Money is counted in thousandths, the smallest unit of any currency.</summary>
    public const decimal MoneyUnits = 1000;

    /// <summary>The windows of an hour, one per shard.</summary>
    public static IEnumerable<string> Windows(DateTimeOffset hour) => Enumerable.Range(0, Shards).Select(shard => WindowIn(hour, shard));

    /// <summary>The window an event of an order is counted in.</summary>
    public static string WindowOf(string order, DateTimeOffset at) => WindowIn(at, (int)(Hash(order) % Shards));

    /// <summary>The document that counts the orders of a minute.</summary>
    public static string MinuteId(int minute) => FormattableString.Invariant($"m{minute:00}");

    /// <summary>The document that counts how long the orders shipped in a minute had taken.</summary>
    public static string ShipTimesId(int minute) => FormattableString.Invariant($"s{minute:00}");

    /// <summary>The document that counts the revenue of a minute.</summary>
    public static string RevenueId(int minute) => FormattableString.Invariant($"r{minute:00}");

    /// <summary>The documents of a minute.</summary>
    public static IEnumerable<string> MinuteIds(int minute) => [MinuteId(minute), ShipTimesId(minute), RevenueId(minute)];

    /// <summary>The document that counts a product.</summary>
    public static string ProductId(string sku) =>
        // An id may hold neither / \ ? # nor more than 1023 bytes; what was once stored as a SKU may.
        PlainSku().IsMatch(sku) ? $"p-{sku}" : $"p~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sku)))}";

    [GeneratedRegex(@"^[!""$-.0->@-\[\]-~]{1,200}\z")]
    private static partial Regex PlainSku();

    private static string WindowIn(DateTimeOffset at, int shard) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-ddTHH}-{shard}");

    // FNV-1a: must be the same in every process and for all time.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => unchecked((hash ^ c) * 16777619u));
}
