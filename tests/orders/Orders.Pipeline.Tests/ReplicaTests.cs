namespace Orders.Pipeline.Tests;

/// <summary>A service that runs more than once.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public Task One_of_two_instances_of_a_service_killed_under_load() => UnderLoad.RunAsync(["--Replicas:Payment", "2"], async (pipeline, random) =>
    {
        var doubled = pipeline.Services.Keys.Where(n => n.StartsWith("payment", StringComparison.Ordinal)).ToList();
        doubled.Count.ShouldBe(2);
        foreach (var name in doubled.OrderBy(_ => random.Next()).ToList())
            await pipeline.KillAndStartAsync(name, random);
    });
}
