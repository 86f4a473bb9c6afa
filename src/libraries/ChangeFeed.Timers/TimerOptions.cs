using Microsoft.Extensions.Options;

namespace ChangeFeed.Timers;

/// <summary>How timers find out that they are due. Section <c>Timers</c>.</summary>
public sealed class TimerOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Timers";

    /// <summary>
    /// How often the index of due times is looked at, by one instance for all; whole seconds, 1 s to 1 hour. A timer is late by this at most, by
    /// twice this where the instance whose turn it was is killed, and by a second of rounding.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether each timer has a companion that runs out when it is due, and is seen to by the feed of all versions and deletes: then it is late
    /// by seconds. The container must keep versions and deletes: the embedded store where it is told to, an account by continuous backup.
    /// </summary>
    public bool ObserveExpiry { get; set; }
}

internal sealed class TimerOptionsValidation : IValidateOptions<TimerOptions>
{
    public ValidateOptionsResult Validate(string? name, TimerOptions options) =>
        options.PollInterval >= TimeSpan.FromSeconds(1) && options.PollInterval <= TimeSpan.FromHours(1)
            && options.PollInterval.Ticks % TimeSpan.TicksPerSecond == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Timers:PollInterval must be whole seconds between 00:00:01 and 01:00:00.");
}
