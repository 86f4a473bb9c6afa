using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Lifecycle;

namespace ChangeFeed.AppHost.Tests;

public sealed class ServiceInstancesTests
{
    private static readonly CustomResourceSnapshot Starting = new() { ResourceType = "Project", Properties = [], State = KnownResourceStates.Starting };
    private static readonly CustomResourceSnapshot Finished = Starting with { State = KnownResourceStates.Finished, ExitCode = 1 };

    // A process without health checks is healthy as soon as it runs.
    private static readonly CustomResourceSnapshot Healthy = Starting with { State = KnownResourceStates.Running };

    private readonly ServiceInstances _instances = new(new Dictionary<string, int> { ["tax"] = 2, ["payment"] = 1 });

    [Fact]
    public void The_start_is_over_when_every_process_of_every_service_has_been_healthy()
    {
        _instances.Update("tax", "tax-1", Healthy);
        _instances.Update("payment", "payment-1", Starting);
        _instances.Starting.ShouldBe(["tax", "payment"], ignoreOrder: true);

        _instances.Update("payment", "payment-1", Healthy);
        _instances.Update("tax", "tax-1", Healthy);
        _instances.Starting.ShouldBe(["tax"]);

        _instances.Update("tax", "tax-2", Healthy);
        _instances.HaveStarted.ShouldBeTrue();
    }

    [Fact]
    public void What_happens_to_a_process_afterwards_does_not_undo_the_start()
    {
        foreach (var (service, instance) in new[] { ("tax", "tax-1"), ("tax", "tax-2"), ("payment", "payment-1") })
            _instances.Update(service, instance, Healthy);

        _instances.Update("payment", "payment-1", Finished).ShouldBeTrue();
        _instances.Update("payment", "payment-2", Starting).ShouldBeFalse();

        _instances.HaveStarted.ShouldBeTrue();
        _instances.HasBeenHealthy("payment").ShouldBeTrue();
    }

    [Fact]
    public void An_end_is_told_once_however_often_it_is_reported_and_again_after_another_start()
    {
        _instances.Update("payment", "payment-1", Healthy);

        _instances.Update("payment", "payment-1", Finished).ShouldBeTrue();
        _instances.Update("payment", "payment-1", Finished).ShouldBeFalse();
        _instances.Update("payment", "payment-1", Starting);
        _instances.Update("payment", "payment-1", Finished).ShouldBeTrue();
    }

    [Fact]
    public void What_ends_before_it_was_healthy_has_not_been_up()
    {
        _instances.Update("tax", "tax-1", Starting);

        _instances.Update("tax", "tax-1", Finished).ShouldBeTrue();
        _instances.HasBeenHealthy("tax").ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_service_of_ours_is_left_alone()
    {
        _instances.Update("aspire-dashboard", "aspire-dashboard-1", Finished).ShouldBeFalse();
        _instances.HasBeenHealthy("aspire-dashboard").ShouldBeFalse();
    }
}
