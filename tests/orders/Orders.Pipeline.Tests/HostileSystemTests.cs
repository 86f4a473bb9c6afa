using System.Net.Http.Json;
using System.Text.Json;
using ChangeFeed.Testing.Hostility;

namespace Orders.Pipeline.Tests;

public sealed class HostileSystemTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_system_stands_hostile_requests_and_every_order_it_took_comes_to_its_end()
    {
        await using var pipeline = await RunningPipeline.StartAsync(null, "--topology=compact");
        var (orders, care) = (new HostileRun(pipeline.Orders), new HostileRun(pipeline.Care));
        await orders.SendAsync(new HostileRequests(await orders.DocumentAsync(), HostileRun.Seed), share: 0.3);
        // Looking only: what changes something pauses services, and lets a shopper place orders.
        await care.SendAsync(new HostileRequests(await care.DocumentAsync(), HostileRun.Seed, (method, _) => method == "GET"), share: 0.1);

        // The customer of the examples may be erased by now.
        var order = await pipeline.PlaceAsync(OrderClient.Order(customer: "c-afterwards"));
        await pipeline.WithStatusAsync(order, "Completed", TimeSpan.FromMinutes(1));
        var parked = await pipeline.Care.GetFromJsonAsync<JsonElement>("/care/dead-letters", Stop);
        parked.GetArrayLength().ShouldBe(0, $"Orders that should not have been taken are parked: {parked}");
        // A line with its level is followed by what is wrong.
        var lines = pipeline.Output.Split('\n');
        lines.Where((line, n) => lines[Math.Max(0, n - 3)..(n + 1)].Any(before => before.Contains(" fail: ", StringComparison.Ordinal))).ShouldBeEmpty();
    }
}
