using Microsoft.Extensions.Time.Testing;
using OrderPipeline.ChangeFeed.Handling;

namespace OrderPipeline.ChangeFeed.Tests.Handling;

public sealed class KillSwitchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly KillSwitch _switch;

    public KillSwitchTests() => _switch = new KillSwitch(new KillSwitchSettings(0.5, 4, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30)), _time);

    [Fact]
    public void It_trips_when_the_share_of_failures_is_reached_and_not_before_the_minimum()
    {
        _switch.Note(failed: true).ShouldBeFalse();
        _switch.Note(failed: true).ShouldBeFalse();
        _switch.Note(failed: false).ShouldBeFalse();
        _switch.Note(failed: true, "no answer").ShouldBeTrue();
        _switch.State.ShouldBe(KillSwitchState.Tripped);
        _switch.Cause.ShouldBe("no answer");
        _switch.ProbeAt.ShouldBe(_time.GetUtcNow().AddSeconds(30));
    }

    [Fact]
    public void Failures_older_than_the_window_do_not_count()
    {
        for (var i = 0; i < 3; i++)
            _switch.Note(failed: true);
        _time.Advance(TimeSpan.FromSeconds(61));

        _switch.Note(failed: true).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Fact]
    public void A_few_failures_among_many_successes_do_not_trip_it()
    {
        for (var i = 0; i < 100; i++)
            _switch.Note(failed: i % 4 == 3);

        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Theory]
    [InlineData(false, KillSwitchState.Closed)]
    [InlineData(true, KillSwitchState.Tripped)]
    public void After_the_pause_the_next_result_decides(bool failed, KillSwitchState expected)
    {
        Trip();
        _switch.Tick().ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(30));
        _switch.Tick().ShouldBeTrue();
        _switch.State.ShouldBe(KillSwitchState.Probing);

        _switch.Note(failed).ShouldBeTrue();

        _switch.State.ShouldBe(expected);
    }

    [Fact]
    public void Results_of_what_was_running_when_it_tripped_do_not_matter()
    {
        Trip();

        _switch.Note(failed: false).ShouldBeFalse();

        _switch.State.ShouldBe(KillSwitchState.Tripped);
    }

    private void Trip()
    {
        for (var i = 0; i < 4; i++)
            _switch.Note(failed: true);
    }
}
