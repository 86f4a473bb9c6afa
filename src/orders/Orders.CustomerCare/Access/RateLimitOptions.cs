using Microsoft.Extensions.Options;

namespace Orders.CustomerCare.Access;

/// <summary>How much one key, or one address without a key, may ask for. Section <c>CustomerCare:RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "CustomerCare:RateLimits";

    /// <summary>Requests in a second in the long run, for the API and for the pages each; 1 to 100,000.</summary>
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests at once after a quiet time; at least <see cref="RequestsPerSecond"/>.</summary>
    public int Burst { get; set; } = 300;

    /// <summary>Pages that are kept up to date at the same time; 1 to 10,000.</summary>
    public int LivePages { get; set; } = 100;

    /// <summary>Sign-ins in a minute from one address; 1 to 10,000.</summary>
    public int SignInsPerMinute { get; set; } = 30;
}

/// <summary>Says which setting is wrong.</summary>
internal sealed class RateLimitOptionsValidation : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        List<string> problems =
        [
            .. Problem(nameof(options.RequestsPerSecond), options.RequestsPerSecond, 1, 100_000),
            .. Problem(nameof(options.Burst), options.Burst, options.RequestsPerSecond, 1_000_000),
            .. Problem(nameof(options.LivePages), options.LivePages, 1, 10_000),
            .. Problem(nameof(options.SignInsPerMinute), options.SignInsPerMinute, 1, 10_000),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problem(string setting, int value, int least, int most) =>
        value >= least && value <= most ? [] : [$"{RateLimitOptions.Section}:{setting} is {value}; it must be from {least} to {most}."];
}
