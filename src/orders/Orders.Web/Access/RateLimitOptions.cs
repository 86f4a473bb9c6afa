using Microsoft.Extensions.Options;

namespace Orders.Web.Access;

/// <summary>How much one caller, or one address without a caller, may ask for. Section <c>RateLimits</c> in that of the service.</summary>
public class RateLimitOptions
{
    /// <summary>Requests in a second in the long run; 1 to 100,000.</summary>
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests at once after a quiet time; at least <see cref="RequestsPerSecond"/>.</summary>
    public int Burst { get; set; } = 300;

    /// <summary>Every setting, and from where to where it may be.</summary>
    public virtual IEnumerable<RateLimitSetting> Settings =>
        [new(nameof(RequestsPerSecond), RequestsPerSecond, 1, 100_000), new(nameof(Burst), Burst, RequestsPerSecond, 1_000_000)];
}

/// <summary>One setting and its limits.</summary>
public sealed record RateLimitSetting(string Name, int Value, int Least, int Most);

/// <summary>Says which setting is wrong.</summary>
internal sealed class RateLimitOptionsValidation<T>(string section) : IValidateOptions<T>
    where T : RateLimitOptions
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var problems = options.Settings.Where(setting => setting.Value < setting.Least || setting.Value > setting.Most)
            .Select(setting => $"{section}:{setting.Name} is {setting.Value}; it must be from {setting.Least} to {setting.Most}.").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
