using ChangeFeed.MassTransit;
using Orders.CustomerCare.Services;

namespace Orders.CustomerCare.Tests.Services;

public sealed class ServiceStandingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);
    private static readonly string Id = new('a', 32);

    private static readonly ServiceStanding Leases = new(
        "tax", [new("0", $"host-1-{Id}", "\"17\"", 2, Now), new("1", $"host-2-{Id}", "\"4\"", 0, Now), new("2", null, null, 0, Now)], 2, Now.AddSeconds(-4),
        1.5, 0);

    [Fact]
    public void Instances_are_those_that_own_a_lease_and_those_that_say_that_they_are_there()
    {
        var standing = Leases.With(
            [Says("host-2", TimeSpan.FromSeconds(100)), Says("host-3", TimeSpan.FromSeconds(10)), Says("host-4", TimeSpan.FromSeconds(100))], Now);

        standing.Instances.Select(i => (i.Name, string.Join(' ', i.Partitions), i.InFlight))
            .ShouldBe([("host-1", "0", null), ("host-2", "1", 3), ("host-3", "", 3)]);
        standing.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public void Lag_is_the_age_of_the_oldest_event_an_instance_knows_of_else_the_time_it_was_seen_not_to_move()
    {
        Leases.With([], Now).LagSeconds.ShouldBe(4);
        Leases.With([Says("host-1", TimeSpan.Zero) with { Oldest = Now.AddSeconds(-9) }], Now).LagSeconds.ShouldBe(9);
        (Leases with { Behind = 0 }).With([Says("host-1", TimeSpan.Zero) with { Oldest = Now.AddSeconds(-9) }], Now).LagSeconds.ShouldBe(0);
    }

    [Fact]
    public void The_rate_is_that_of_all_instances_that_were_busy_a_moment_ago()
    {
        Leases.With([], Now).Rate.ShouldBe(1.5);
        Leases.With(
            [Says("host-1", TimeSpan.FromSeconds(2)) with { Rate = 3 }, Says("host-2", TimeSpan.FromSeconds(4)) with { Rate = 4 },
            Says("host-3", TimeSpan.FromSeconds(40)) with { Rate = 5 }], Now)
            .Rate.ShouldBe(7);
    }

    [Fact]
    public void What_blocks_and_what_went_wrong_last_is_told_whoever_it_happened_to()
    {
        var blocked = new BlockedEvent("order", 3, "cannot", 7, Now);
        var standing = Leases.With(
            [
                Says("host-1", TimeSpan.Zero) with { Blocked = [blocked], LastError = new EndpointError(Now.AddMinutes(-2), "earlier") },
                Says("host-2", TimeSpan.Zero) with { KillSwitch = "no answer", LastError = new EndpointError(Now.AddMinutes(-1), "later") },
            ],
            Now);

        standing.Blocked.ShouldBe([blocked]);
        standing.KillSwitch.ShouldBe("no answer");
        standing.LastError!.Message.ShouldBe("later");
    }

    private static EndpointHeartbeat Says(string instance, TimeSpan ago) =>
        new() { Id = instance, Endpoint = "tax", Instance = instance, At = Now - ago, Partitions = [], InFlight = 3 };
}
