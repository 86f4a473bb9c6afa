using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;

namespace Bench.Views;

/// <summary>Rebuilding a view, against a bare copy of the same feed into as many documents.</summary>
internal sealed class ViewRebuildFigure : IFigure<ViewsSetup>
{
    private const string Figure = "rebuild of order-status";
    private const int Callers = 64;

    private static readonly byte[] Filler = new byte[520];

    static ViewRebuildFigure() => Filler.AsSpan().Fill((byte)'x');

    public string Name => "rebuild";

    public async Task<IReadOnlyList<Measurement>> RunAsync(ViewsSetup setup, CancellationToken stop)
    {
        var orders = setup.Options.Quick ? 2_000 : 50_000;
        Progress.Say($"{orders * OrderHistory.Events:#,0} events");
        await OrderHistory.WriteAsync(setup.Events, orders, stop);

        var (version, round) = (1, 0);
        var seconds = new List<double>();
        object[] all = [Copy, Rebuild];
        var series = await Rounds.RunAsync(all, setup.Options.Quick ? 1 : 4, subject => subject == (object)Copy ? CopyAsync() : RebuildAsync(), stop);
        var rate = series.MedianOf(Rebuild);
        return
        [
            new Measurement(Figure, "bare copy") { PerSecond = series.MedianOf(Copy) },
            new Measurement(Figure, "views")
            {
                PerSecond = rate, Ratio = series.Ratio(Rebuild, Copy, r => r), RatioTo = "bare copy", Goal = Goal.AtLeast(rate, 60_000, "/s"),
                Note = string.Create(CultureInfo.InvariantCulture,
                    $"{orders * OrderHistory.Events:#,0} events into {orders:#,0} documents; the command with comparing and switching {Samples.Median(seconds):0.0} s"),
            },
        ];

        async Task<double> RebuildAsync()
        {
            var start = Stopwatch.GetTimestamp();
            var line = await setup.CommandAsync("Built ", stop, "rebuild", ViewNames.OrderStatus);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await setup.CommandAsync(null, stop, "remove", ViewNames.OrderStatus, $"v{version++}");
            var words = line.Split(' '); // N events in S s, R/s.
            return int.Parse(words[0], CultureInfo.InvariantCulture) == orders * OrderHistory.Events
                ? orders * OrderHistory.Events / double.Parse(words[3], CultureInfo.InvariantCulture)
                : throw new BenchException($"The rebuild built {words[0]} events, {orders * OrderHistory.Events} were written.");
        }

        async Task<double> CopyAsync()
        {
            var target = await CosmosAccount.CreateContainerAsync(setup.Client, $"copy-{round++}", "/id", stop: stop);
            var start = Stopwatch.GetTimestamp();
            var counts = await Task.WhenAll(
                (await setup.Events.GetFeedRangesAsync(stop)).Select(range => Task.Run(() => CopyRangeAsync(setup.Events, range, target, stop), stop)));
            var elapsed = Stopwatch.GetElapsedTime(start);
            await target.DeleteContainerAsync(cancellationToken: stop);
            return counts.Sum() == orders * OrderHistory.Events
                ? orders * OrderHistory.Events / elapsed.TotalSeconds
                : throw new BenchException($"The copy saw {counts.Sum()} events, {orders * OrderHistory.Events} were written.");
        }
    }

    private static readonly object Copy = new();

    private static readonly object Rebuild = new();

    private static async Task<int> CopyRangeAsync(Container events, FeedRange range, Container target, CancellationToken stop)
    {
        var count = 0;
        using var pages = events.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.Beginning(range), ChangeFeedMode.LatestVersion, new ChangeFeedRequestOptions { PageSizeHint = 1000 });
        while (true)
        {
            using var page = await pages.ReadNextAsync(stop);
            if (page.StatusCode == HttpStatusCode.NotModified)
                return count;
            page.EnsureSuccessStatusCode();
            var bytes = new MemoryStream();
            await page.Content.CopyToAsync(bytes, stop);
            var places = BenchEvent.ReadPlaces(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            count += places.Count;
            await Parallel.ForEachAsync(
                places.Where(p => p.Version == OrderHistory.Events - 1), new ParallelOptions { MaxDegreeOfParallelism = Callers / 4, CancellationToken = stop },
                async (place, _) => await WriteAsync(target, place.StreamId));
        }
    }

    private static async Task WriteAsync(Container target, string id)
    {
        byte[] document = [.. System.Text.Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","text":" """), .. Filler, .. "\"}"u8];
        using var answer = await target.CreateItemStreamAsync(
            new MemoryStream(document), new PartitionKey(id), new() { EnableContentResponseOnWrite = false });
        answer.EnsureSuccessStatusCode();
    }
}
