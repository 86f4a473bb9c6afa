using FsCheck.Xunit;

namespace ChangeFeed.MassTransit.Tests.Support;

/// <summary>
/// What must hold of random schedules. CHANGEFEED_SCHEDULES says how many are tried, by the thousand if need be;
/// CHANGEFEED_REPLAY repeats a failure, by the seed and size that it has printed, such as (123,457,9).
/// </summary>
#pragma warning disable xUnit3003 // The base class takes no place in the source that could be passed on.
public sealed class SchedulePropertyAttribute : PropertyAttribute
#pragma warning restore xUnit3003
{
    public SchedulePropertyAttribute(int schedules)
    {
        MaxTest = int.TryParse(Environment.GetEnvironmentVariable("CHANGEFEED_SCHEDULES"), out var asked) ? asked : schedules;
        if (Environment.GetEnvironmentVariable("CHANGEFEED_REPLAY") is { Length: > 0 } seed)
            Replay = seed;
        StartSize = 5;
        QuietOnSuccess = true;
    }
}
