using Microsoft.Extensions.Options;

namespace Orders.CustomerCare.Search;

/// <summary>What searching may cost. Section <c>CustomerCare:Search</c>.</summary>
internal sealed class SearchOptions
{
    public const string Section = "CustomerCare:Search";

    /// <summary>Request units after which a search answers with what it has and where to go on; 100 to 100,000.</summary>
    public int RequestUnits { get; set; } = 2_000;

    /// <summary>Request units a second that one key may spend in the long run; 1 to 1,000,000.</summary>
    public int RequestUnitsPerSecond { get; set; } = 400;

    /// <summary>Request units one key may spend at once after a quiet time; at least <see cref="RequestUnits"/>, at most 10,000,000.</summary>
    public int Burst { get; set; } = 20_000;
}

/// <summary>Says which setting is wrong.</summary>
internal sealed class SearchOptionsValidation : IValidateOptions<SearchOptions>
{
    public ValidateOptionsResult Validate(string? name, SearchOptions options)
    {
        List<string> problems =
        [
            .. Problem(nameof(options.RequestUnits), options.RequestUnits, 100, 100_000),
            .. Problem(nameof(options.RequestUnitsPerSecond), options.RequestUnitsPerSecond, 1, 1_000_000),
            .. Problem(nameof(options.Burst), options.Burst, options.RequestUnits, 10_000_000),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problem(string setting, int value, int least, int most) =>
        value >= least && value <= most ? [] : [$"{SearchOptions.Section}:{setting} is {value}; it must be from {least} to {most}."];
}
