namespace Orders.Pipeline.Tests;

/// <summary>Kills processes under load. The seed is printed; the books must balance whatever it is.</summary>
[Collection(nameof(DisturbedPipeline))]
public sealed class ChaosTests(DisturbedPipeline disturbed)
{
    private static readonly string[] Workers = ["tax", "tax-audit", "payment", "fulfillment", "notification", "views"];

    [Fact]
    public Task Every_worker_killed_at_random_moments_under_load() => disturbed.RunAsync(async (pipeline, random) =>
    {
        foreach (var name in Workers.Concat(Workers).OrderBy(_ => random.Next()).ToList())
            await pipeline.KillAndStartAsync(name, random);
    });

    [Fact]
    public Task The_store_killed_under_load() => disturbed.RunAsync(async (pipeline, random) =>
    {
        for (var kill = 0; kill < 3; kill++)
            await pipeline.KillAndStartAsync("cosmos", random);
    });
}
