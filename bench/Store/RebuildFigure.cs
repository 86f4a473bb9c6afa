using System.Diagnostics;
using System.Net;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Store;

/// <summary>What a rebuild can read at most: a whole feed through the pull model, all ranges side by side, every document looked at.</summary>
internal sealed class RebuildFigure : IFigure<StoreSetup>
{
    private const string Figure = "rebuild, reading alone";
    private const string Name_ = "rebuild";
    private static readonly TimeSpan LoadDeadline = TimeSpan.FromSeconds(60);

    public string Name => Name_;

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        var events = setup.Options.Quick ? 20_000 : 100_000;
        CosmosSubject[] all = [setup.Floor, setup.Subject];
        var containers = new Dictionary<object, Container>();
        foreach (var subject in all)
        {
            var container = containers[subject] = await CosmosAccount.CreateContainerAsync(subject.Client, Name_, stop: stop);
            Progress.Say($"{events:#,0} events into {subject.Name}");
            if (subject == setup.Floor || setup.Options.SubjectIsFloor)
                await Loader.FillOneByOneAsync(new CosmosWriter(subject.Name, container), events, stop);
            else if (await Loader.FillAsync(container, events, LoadDeadline, stop) < events / Loader.EventsPerStream)
                throw new BenchException($"{subject.Name} did not take {events} events within {LoadDeadline.TotalSeconds:0} s.");
        }

        var series = await Rounds.RunAsync(all, 4, s => ReadAsync(containers[s], events, stop), stop);
        var ratio = series.Ratio(setup.Subject, setup.Floor, r => r);
        var rate = series.MedianOf(setup.Subject);
        return
        [
            new Measurement(Figure, setup.Floor.Name) { PerSecond = series.MedianOf(setup.Floor) },
            new Measurement(Figure, setup.Subject.Name)
            {
                PerSecond = rate, Ratio = ratio, RatioTo = "stub", Goal = Goal.AtLeast(rate, 50_000, "/s", 150_000),
                Note = $"{events:#,0} events of 1 KB, cold round {series.Of(setup.Subject)[0]:#,0}/s",
            },
        ];
    }

    private static async Task<double> ReadAsync(Container container, int events, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            (await container.GetFeedRangesAsync(stop)).Select(range => Task.Run(() => ReadRangeAsync(container, range, stop), stop)));
        var elapsed = Stopwatch.GetElapsedTime(start);
        return counts.Sum() == events
            ? events / elapsed.TotalSeconds
            : throw new BenchException($"The feed gave {counts.Sum()} events, {events} were written.");
    }

    private static async Task<int> ReadRangeAsync(Container container, FeedRange range, CancellationToken stop)
    {
        var count = 0;
        using var pages = container.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.Beginning(range), ChangeFeedMode.Incremental, new ChangeFeedRequestOptions { PageSizeHint = 1000 });
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync(stop);
            if (page.StatusCode == HttpStatusCode.NotModified)
                return count;
            page.EnsureSuccessStatusCode();
            using var bytes = new MemoryStream();
            await page.Content.CopyToAsync(bytes, stop);
            count += BenchEvent.ReadPlaces(bytes.GetBuffer().AsMemory(0, (int)bytes.Length)).Count;
        }

        return count;
    }
}
