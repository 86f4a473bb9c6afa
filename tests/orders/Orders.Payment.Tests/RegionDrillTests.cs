using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

/// <summary>
/// The drill of <c>docs/regions.md</c>: orders come in, the write region is lost with what had not arrived elsewhere, and payment goes on in the
/// other. What it prints is what that page says.
/// </summary>
public sealed class RegionDrillTests(ITestOutputHelper output)
{
    private const int LagMilliseconds = 500;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_write_region_is_lost_orders_go_on_and_who_reads_where_it_goes_on_has_taken_money_for_no_order_that_is_lost()
    {
        await using var service = new ServiceOnStore<Program>
        {
            Regions = ["west", "east"],
            ReplicationLag = TimeSpan.FromMilliseconds(LagMilliseconds),
            // Payment reads where the account goes on: what it sees there is not lost.
            Settings =
            {
                ["Cosmos:Regions"] = "east,west",
                ["ChangeFeed:LeaseRenewInterval"] = "00:00:00.500",
                ["ChangeFeed:LeaseExpirationInterval"] = "00:00:02",
                ["ChangeFeed:LeaseAcquireInterval"] = "00:00:00.300",
            },
        };
        await ((IAsyncLifetime)service).InitializeAsync();
        await service.StreamEndingWithAsync<PaymentCaptured>(await service.AppendAsync(Placed(), Taxed()));

        var acknowledged = new ConcurrentDictionary<string, long>();
        using var shop = new CancellationTokenSource();
        var orders = PlaceAsync(service, acknowledged, shop.Token);
        await Task.Delay(Before, Stop);
        var lostAt = Stopwatch.GetTimestamp();
        await PostAsync(service.Endpoint, "west/lose");
        var failedOver = Stopwatch.GetElapsedTime(lostAt);
        await Eventually.UntilAsync(() => acknowledged.Values.Any(at => at > lostAt + failedOver.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond));
        await Task.Delay(After, Stop);
        await shop.CancelAsync();
        await orders;

        // What payment wrote itself may be lost, and it has passed on: it goes back, and what it did already it does not do again.
        var positions = new EndpointPositions(service.Database.Leases, service.Database.Controls, TimeProvider.System, service.Database.Events);
        var plan = (await positions.PlanAsync("payment", PositionTarget.Beginning, Stop)).ShouldNotBeNull();
        await positions.MoveAsync("payment", plan.Target, plan.Token, "drill", "a failover with loss", Stop);

        var (kept, tail) = (new List<string>(), new List<string>());
        foreach (var id in acknowledged.Keys)
            ((await service.Events.ReadStreamAsync(id, Stop)).Count > 0 ? kept : tail).Add(id);
        // The lost region may have acknowledged something while it went down; that is lost as well.
        var recovered = Stopwatch.GetElapsedTime(lostAt, kept.Select(id => acknowledged[id]).Where(at => at > lostAt).Min());
        foreach (var id in kept)
            (await service.StreamEndingWithAsync<PaymentCaptured>(id)).Count(e => e.Data is PaymentCaptured).ShouldBe(1, id);
        var taken = service.Files.Files("payments")
            .Select(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), PaymentJson.Default.PaymentEntry)!).ToList();
        output.WriteLine($"{acknowledged.Count} orders were acknowledged, {kept.Count} kept, {tail.Count} lost with the tail of {LagMilliseconds} ms.");
        output.WriteLine(
            $"The other region was written to after {failedOver.TotalMilliseconds:0} ms; the first order after {recovered.TotalMilliseconds:0} ms.");

        taken.GroupBy(entry => entry.OrderId).ShouldAllBe(payments => payments.Count() == 1);
        taken.Select(entry => entry.OrderId).Intersect(tail).ShouldBeEmpty("money was taken for an order that is lost");
        taken.Select(entry => entry.OrderId).Intersect(kept).Count().ShouldBe(kept.Count);
        taken.Where(entry => kept.Contains(entry.OrderId)).Sum(entry => entry.Amount).ShouldBe(kept.Count * Taxed().Total);
        // What is lost was acknowledged within the lag before the loss, and what the replication of it takes.
        tail.Count.ShouldBeLessThan((int)(TimeSpan.FromMilliseconds(LagMilliseconds + 2000) / Every));
        recovered.ShouldBeLessThan(TimeSpan.FromSeconds(40));
    }

    private static async Task PlaceAsync(ServiceOnStore<Program> service, ConcurrentDictionary<string, long> acknowledged, CancellationToken stop)
    {
        var placed = new List<Task>();
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                placed.Add(OneAsync());
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(placed);
        }

        async Task OneAsync()
        {
            try
            {
                acknowledged[await service.AppendAsync(Placed(), Taxed())] = Stopwatch.GetTimestamp();
            }
            catch (CosmosException)
            {
                // Not acknowledged: nothing is promised of it.
            }
        }
    }

    private static async Task PostAsync(Uri endpoint, string what)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(endpoint, $"_emulator/regions/{what}"), null, Stop);
        answer.EnsureSuccessStatusCode();
    }
}
