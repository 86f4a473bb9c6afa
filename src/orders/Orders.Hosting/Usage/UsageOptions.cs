using Microsoft.Extensions.Options;

namespace Orders.Hosting.Usage;

/// <summary>How often a process says what it has used of the store. Section <c>Usage</c>.</summary>
public sealed class UsageOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Usage";

    /// <summary>Pause between two reports, which cost about 6 request units each; 1 second to 1 hour.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(2);
}

internal sealed class UsageOptionsCheck : IValidateOptions<UsageOptions>
{
    public ValidateOptionsResult Validate(string? name, UsageOptions options) =>
        options.Interval >= TimeSpan.FromSeconds(1) && options.Interval <= TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Usage:Interval is {options.Interval}; it must be 00:00:01 to 01:00:00.");
}
