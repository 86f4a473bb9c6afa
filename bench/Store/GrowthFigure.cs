using System.Diagnostics;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Store;

/// <summary>The same work on a store that holds ten thousand events and on one that holds a million; its start and its memory there.</summary>
internal sealed class GrowthFigure : IFigure<StoreSetup>
{
    private const int Few = 10_000;
    private static readonly TimeSpan LoadAtMost = TimeSpan.FromSeconds(100);

    public string Name => "growth";

    public async Task<IReadOnlyList<Measurement>> RunAsync(StoreSetup setup, CancellationToken stop)
    {
        if (setup.Options.SubjectIsFloor)
            return [Measurement.Skipped("growth", setup.Subject.Name, "the stub knows no batches to be filled with")];
        var many = setup.Options.Quick ? 100_000 : 1_000_000;
        var directory = setup.Directory.Sub("growth-many");
        var rows = new List<Measurement>();
        // A slow machine has not loaded all of them when its time is over.
        int streams;
        await using (var full = await GrownStore.FillAsync("many", directory, many, LoadAtMost, stop))
        {
            rows.Add(new Measurement("loading in batches of 20", "emulator") { PerSecond = full.LoadedPerSecond });
            streams = full.Streams;
        }

        var start = Stopwatch.GetTimestamp();
        await using var large = await GrownStore.OpenAsync("many", directory, streams, stop);
        var ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await using var small = await GrownStore.FillAsync("few", setup.Directory.Sub("growth-few"), Few, LoadAtMost, stop);

        foreach (var (work, call, perRound) in Works)
            rows.AddRange(await CompareAsync(work, small, large, call, perRound, setup.Options.Quick ? 5 : 11, stop));
        var memory = Machine.MemoryOf(large.Pid).Resident / 1e6;
        rows.Add(new Measurement("start", large.Name) { Value = $"{ready:0.00} s", Goal = Goal.AtMost(ready, 2, " s") });
        rows.Add(new Measurement("memory", small.Name) { Value = $"{Machine.MemoryOf(small.Pid).Resident / 1e6:0} MB" });
        rows.Add(new Measurement("memory", large.Name) { Value = $"{memory:0} MB", Goal = Goal.AtMost(memory, 300, " MB") });
        return rows;
    }

    private static readonly (string Work, Func<GrownStore, Task> Call, int PerRound)[] Works =
    [
        ("append", s => s.AppendAsync(), 200),
        ("point read", s => s.ReadAsync(), 200),
        ("read a stream of 20", s => s.ReadStreamAsync(), 60),
        ("read the feed's last 100", s => s.ReadFeedAsync(), 60),
    ];

    private static async Task<IReadOnlyList<Measurement>> CompareAsync(
        string work, GrownStore small, GrownStore large, Func<GrownStore, Task> call, int perRound, int rounds, CancellationToken stop)
    {
        GrownStore[] both = [small, large];
        await Rounds.RunAsync(both, 1, s => Rounds.TimeAsync(5 * perRound, () => call(s)), stop);
        var series = await Rounds.RunAsync(both, rounds, s => Rounds.TimeAsync(perRound, () => call(s)), stop);
        var ratio = series.Ratio(large, small, s => s.P50);
        return
        [
            Measurement.Of(work, small.Name, series.All(small)),
            Measurement.Of(work, large.Name, series.All(large)) with { Ratio = ratio, RatioTo = "few", Goal = Goal.AtMost(ratio, 1.25, "× few", 1.1) },
        ];
    }
}
