using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bench.Cost;
using Bench.Harness;
using Bench.Pipeline;
using Bench.Subjects;

namespace Bench.Scale;

/// <summary>What one does to orders of a thousand events, against orders as they usually are.</summary>
internal static class LongPart
{
    private const double RestSeconds = 20;

    public static async IAsyncEnumerable<LongCell> MeasureAsync(
        ScaleOptions options, WorkDirectory directory, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var system = await ScaleSystem.StartAsync(options, "long streams", directory.Sub("long"), partitions: 1, instances: 1, stop);
        var progress = new FeedProgress(system.Stored);
        var count = options.Common.Quick ? 3 : 20;
        Progress.Say($"{count} short streams, and {count} of {options.Events:#,0} events");
        var shortOnes = await LongOrders.PlaceAsync(system, count, events: null, stop);
        var longOnes = await LongOrders.PlaceAsync(system, count, options.Events, stop);
        await progress.CatchUpAsync(stop);
        var rest = await Window.RestAsync(system, options.Common.Quick ? 3 : RestSeconds, stop);

        foreach (var orders in new[] { shortOnes, longOnes })
        {
            Progress.Say($"streams of {orders.Events:#,0} events");
            yield return await OfAsync(orders, "append", CosmosAccount.ClientName, order => orders.AppendAsync(order, stop));
            yield return await OfAsync(orders, "first mail sent again", "notification", order => orders.ReactAsync(order, stop));
            yield return await OfAsync(orders, "mail sent again", "notification", order => orders.ReactAsync(order, stop));
            yield return await OfAsync(orders, "customer care, API", "customer-care", order => GetAsync($"care/orders/{order}"));
            yield return await OfAsync(orders, "customer care, page", "customer-care", order => GetAsync($"orders/{order}"));
        }

        // In between everybody catches up, so that the units are of what is measured.
        async Task<LongCell> OfAsync(LongOrders orders, string what, string client, Func<string, Task<double>> act)
        {
            var samples = new Samples();
            await progress.CatchUpAsync(stop);
            var window = await Window.MeasureAsync(system, async () =>
            {
                foreach (var order in orders.Ids)
                    samples.Add(await act(order) * 1000);
                return orders.Ids.Count;
            }, stop);
            var units = client != CosmosAccount.ClientName
                ? window.PerOrder(rest, key => key.Client == client)
                : window.Use.Clients.Where(entry => entry.Key is { Client: CosmosAccount.ClientName, Container: RealSystem.Events, Operation: "create" })
                    .Sum(entry => entry.Value.Units) / orders.Ids.Count;
            return new LongCell(orders.Events, what, samples.P50 / 1000, samples.P99 / 1000, units);
        }

        async Task<double> GetAsync(string path)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await Http.Client.GetAsync(new Uri(system.Care, path), stop);
            await answer.Content.ReadAsByteArrayAsync(stop);
            return answer.IsSuccessStatusCode
                ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
                : throw new BenchException($"GET {path} answered {(int)answer.StatusCode}.");
        }
    }
}
