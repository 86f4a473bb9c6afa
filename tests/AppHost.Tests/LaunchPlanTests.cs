using Aspire.Hosting.ApplicationModel;
using OrderPipeline.AppHost.Launcher;

namespace OrderPipeline.AppHost.Tests;

public sealed class LaunchPlanTests
{
    int _port = 20_000;

    [Fact]
    public void Everything_starts_after_what_it_waits_for()
    {
        var store = Project("store");
        var worker = Project("worker", store);
        var care = Project("care", worker, store);
        PlanOf(care, worker, store).Levels.Select(level => level.Select(p => p.Name)).ShouldBe([["store"], ["worker"], ["care"]]);
    }

    [Fact]
    public void A_circle_of_waiting_is_named()
    {
        var a = Project("a");
        a.WaitsFor.Add(Project("b", a));
        Should.Throw<LaunchException>(() => PlanOf(a, a.WaitsFor[0])).Message.ShouldBe("Nothing can start: a, b wait for each other.");
    }

    [Fact]
    public void Replicas_have_names_and_ports_of_their_own()
    {
        var worker = Project("worker");
        worker.Replicas = 2;
        worker.Endpoint = new HttpEndpoint(null);
        PlanOf(worker).Instances.Select(i => (i.Name, i.Url)).ShouldBe([("worker-1", "http://localhost:20000"), ("worker-2", "http://localhost:20001")]);
    }

    [Fact]
    public void A_fixed_port_allows_one_process()
    {
        var api = Project("api");
        api.Replicas = 2;
        api.Endpoint = new HttpEndpoint(5101);
        Should.Throw<LaunchException>(() => PlanOf(api)).Message.ShouldBe("api has the fixed port 5101 and can run only once, not 2 times.");
    }

    LaunchPlan PlanOf(params ProjectResource[] projects) => new(projects, () => _port++);

    static ProjectResource Project(string name, params ProjectResource[] waitsFor)
    {
        var project = new ProjectResource(name, new Self());
        project.WaitsFor.AddRange(waitsFor);
        return project;
    }
}
