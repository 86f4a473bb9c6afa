using System.Globalization;

namespace ChangeFeed.Timers.Tests;

public class SettingsTests
{
    [Theory]
    [InlineData("00:00:00", "Timers:PollInterval must be whole seconds between 00:00:01 and 01:00:00.")]
    [InlineData("00:00:01.5", "Timers:PollInterval must be whole seconds between 00:00:01 and 01:00:00.")]
    [InlineData("01:00:01", "Timers:PollInterval must be whole seconds between 00:00:01 and 01:00:00.")]
    [InlineData("00:00:01", null)]
    [InlineData("01:00:00", null)]
    public void A_poll_interval_that_makes_no_sense_is_said_in_one_sentence(string interval, string? sentence) =>
        new TimerOptionsValidation()
            .Validate(null, new TimerOptions { PollInterval = TimeSpan.Parse(interval, CultureInfo.InvariantCulture) })
            .FailureMessage.ShouldBe(sentence);
}
