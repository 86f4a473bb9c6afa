using Orders.Web.Access;

namespace Orders.CustomerCare.Search;

/// <summary>What searching may cost. Section <c>CustomerCare:Search</c>.</summary>
internal sealed class SearchOptions : ILimitOptions
{
    public const string Section = "CustomerCare:Search";

    /// <summary>Request units after which a search answers with what it has and where to go on; 100 to 100,000.</summary>
    public int RequestUnits { get; set; } = 2_000;

    /// <summary>Request units a second that one key may spend in the long run; 1 to 1,000,000.</summary>
    public int RequestUnitsPerSecond { get; set; } = 400;

    /// <summary>Request units one key may spend at once after a quiet time; at least <see cref="RequestUnits"/>, at most 10,000,000.</summary>
    public int Burst { get; set; } = 20_000;

    public IEnumerable<LimitSetting> Settings =>
    [
        new(nameof(RequestUnits), RequestUnits, 100, 100_000),
        new(nameof(RequestUnitsPerSecond), RequestUnitsPerSecond, 1, 1_000_000),
        new(nameof(Burst), Burst, RequestUnits, 10_000_000),
    ];
}
