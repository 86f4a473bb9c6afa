using ChangeFeed.MassTransit.Handling;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.MassTransit.Tests.Handling;

public sealed class KillSwitchTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly KillSwitch _switch;

    public KillSwitchTests() => _switch = new KillSwitch(new KillSwitchSettings(0.5, 4, TimeSpan.FromMinutes(1), Pause), _time);

    [Fact]
    public void It_trips_when_the_share_of_failures_is_reached_and_not_before_the_minimum()
    {
        Handle(failed: true).ShouldBeFalse();
        Handle(failed: true).ShouldBeFalse();
        Handle(failed: false).ShouldBeFalse();
        Handle(failed: true, "no answer").ShouldBeTrue();
        _switch.State.ShouldBe(KillSwitchState.Tripped);
        _switch.Cause.ShouldBe("no answer");
        _switch.ProbeAt.ShouldBe(_time.GetUtcNow() + Pause);
        _switch.Begin().ShouldBeNull();
    }

    [Fact]
    public void Failures_older_than_the_window_do_not_count()
    {
        for (var i = 0; i < 3; i++)
            Handle(failed: true);
        _time.Advance(TimeSpan.FromSeconds(61));

        Handle(failed: true).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Fact]
    public void A_few_failures_among_many_successes_do_not_trip_it()
    {
        for (var i = 0; i < 100; i++)
            Handle(failed: i % 4 == 3);

        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Fact]
    public void What_says_nothing_about_the_downstream_does_not_count()
    {
        for (var i = 0; i < 40; i++)
            Handle(failed: null).ShouldBeFalse();

        _switch.State.ShouldBe(KillSwitchState.Closed);
        for (var i = 0; i < 3; i++)
            Handle(failed: true).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, KillSwitchState.Closed)]
    [InlineData(true, KillSwitchState.Tripped)]
    public void After_the_pause_one_event_is_tried_and_its_result_decides(bool failed, KillSwitchState expected)
    {
        var probe = Probe();
        _switch.Begin().ShouldBeNull();

        _switch.End(probe, failed).ShouldBeTrue();

        _switch.State.ShouldBe(expected);
    }

    [Fact]
    public void A_probe_that_says_nothing_leaves_the_place_to_the_next()
    {
        _switch.End(Probe(), failed: null).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Probing);

        _switch.End(_switch.Begin()!.Value, failed: false).ShouldBeTrue();

        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Fact]
    public void A_probe_that_does_not_end_is_given_up_and_its_late_result_does_not_matter()
    {
        var hanging = Probe();
        _switch.Tick().ShouldBeFalse();
        _time.Advance(Pause);
        _switch.Tick().ShouldBeTrue();
        var next = _switch.Begin().ShouldNotBeNull();

        _switch.End(hanging, failed: true).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Probing);
        _switch.End(next, failed: false).ShouldBeTrue();

        _switch.State.ShouldBe(KillSwitchState.Closed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Results_of_what_was_running_when_it_tripped_do_not_matter(bool failed)
    {
        var before = _switch.Begin()!.Value;
        Trip();

        _switch.End(before, failed).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Tripped);

        _time.Advance(Pause);
        _switch.Tick().ShouldBeTrue();
        _switch.End(before, failed).ShouldBeFalse();
        _switch.State.ShouldBe(KillSwitchState.Probing);
    }

    private bool Handle(bool? failed, string? error = null) => _switch.End(_switch.Begin()!.Value, failed, error);

    private Permit Probe()
    {
        Trip();
        _switch.Tick().ShouldBeFalse();
        _time.Advance(Pause);
        _switch.Tick().ShouldBeTrue();
        _switch.State.ShouldBe(KillSwitchState.Probing);
        var probe = _switch.Begin().ShouldNotBeNull();
        probe.IsProbe.ShouldBeTrue();
        return probe;
    }

    private void Trip()
    {
        for (var i = 0; i < 4; i++)
            Handle(failed: true);
    }
}
