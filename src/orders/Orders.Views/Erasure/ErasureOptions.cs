using Microsoft.Extensions.Options;

namespace Orders.Views.Erasure;

/// <summary>Settings of erasing customers; section <c>Erasure</c>.</summary>
public sealed class ErasureOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Erasure";

    /// <summary>How long views keep the marker that stands for what was there.</summary>
    public TimeSpan MarkerLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Orders whose placing had begun when the key was dropped are in the store after this time; they are marked too.</summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether deletions by time to live are observed through the feed of all versions and deletes and end in an audit record. Needs the
    /// embedded store, or an account with continuous backup.
    /// </summary>
    public bool ObserveDeletes { get; set; }

    /// <summary>How often that feed is looked at.</summary>
    public TimeSpan ObserveInterval { get; set; } = TimeSpan.FromSeconds(10);
}

public sealed class ErasureOptionsValidation : IValidateOptions<ErasureOptions>
{
    public ValidateOptionsResult Validate(string? name, ErasureOptions options)
    {
        if (options.MarkerLifetime < TimeSpan.FromSeconds(1) || options.MarkerLifetime.TotalSeconds > int.MaxValue)
            return ValidateOptionsResult.Fail("Erasure:MarkerLifetime must be between one second and 68 years, for example 30.00:00:00.");
        if (options.SettleTime < TimeSpan.Zero || options.SettleTime > TimeSpan.FromMinutes(5))
            return ValidateOptionsResult.Fail("Erasure:SettleTime must be between 00:00:00 and 00:05:00.");
        return options.ObserveInterval > TimeSpan.Zero && options.ObserveInterval <= TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Erasure:ObserveInterval must be longer than zero and at most 01:00:00.");
    }
}
