using Bench.Harness;
using Bench.Subjects;

namespace Bench.Pipeline;

/// <summary>One process of the bare chain: reads an event and appends the next of its stream, and nothing else.</summary>
internal static class Stage
{
    public static async Task RunAsync(string endpoint, int number, CancellationToken stop)
    {
        using var client = CosmosAccount.Connect(endpoint);
        var writer = new CosmosWriter($"stage {number}", client.GetContainer(CosmosAccount.Database, BareChain.Events));
        await using var reader = await FeedReader.StartAsync(
            endpoint, CosmosAccount.Database, BareChain.Events, BareChain.Leases, $"stage-{number}:",
            (page, _) => Task.WhenAll(BenchEvent.ReadPlaces(page)
                .Where(place => place.Version == number - 1)
                .Select(place => writer.WriteAsync(place.StreamId, number))));
        Role.SayReady($"stage {number}");
        await Role.UntilStoppedAsync(stop);
    }
}
