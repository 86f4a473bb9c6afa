using Microsoft.Extensions.Options;

namespace ChangeFeed.Timers.Tests;

public class SettingsTests
{
    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:01.5")]
    [InlineData("01:00:01")]
    public void A_poll_interval_that_makes_no_sense_is_said_in_one_sentence(string interval) =>
        new TimerOptionsValidation().Validate(null, new TimerOptions { PollInterval = TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture) })
            .FailureMessage.ShouldBe("Timers:PollInterval must be whole seconds between 00:00:01 and 01:00:00.");

    [Theory]
    [InlineData("00:00:01")]
    [InlineData("01:00:00")]
    public void Others_are_taken(string interval) =>
        new TimerOptionsValidation().Validate(null, new TimerOptions { PollInterval = TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture) })
            .ShouldBe(ValidateOptionsResult.Success);
}
