using System.Diagnostics;

namespace Bench.Harness;

/// <summary>
/// Floor and subject in short alternating rounds: a machine that slows down for a while slows both, so the ratio of each round holds
/// where absolute times do not.
/// </summary>
internal static class Rounds
{
    /// <summary>A turn longer than this is bounded by time, so that a run ends in time on any machine.</summary>
    public static readonly TimeSpan MostPerTurn = TimeSpan.FromSeconds(1);

    /// <summary>One result per subject and round. The order turns round by round, so that none always comes after the same neighbour.</summary>
    public static async Task<Series<TResult>> RunAsync<T, TResult>(
        IReadOnlyList<T> subjects, int rounds, Func<T, Task<TResult>> measure, CancellationToken stop)
        where T : notnull
    {
        var results = subjects.ToDictionary(s => (object)s, _ => new List<TResult>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                var subject = subjects[(i + round) % subjects.Count];
                results[subject].Add(await measure(subject));
            }
        }

        return new Series<TResult>(results);
    }

    /// <summary>How long each of so many calls takes, one after the other; fewer on a machine that is too slow for them.</summary>
    public static async Task<Samples> TimeAsync(int count, Func<Task> call, TimeSpan pause = default)
    {
        var samples = new Samples();
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < count && Stopwatch.GetElapsedTime(begin) < MostPerTurn; i++)
        {
            await Task.Delay(pause);
            var start = Stopwatch.GetTimestamp();
            await call();
            samples.AddTicks(Stopwatch.GetTimestamp() - start);
        }

        return samples;
    }

    /// <summary>Calls per second of so many callers, each calling again as soon as it was answered.</summary>
    public static async Task<(double PerSecond, Samples Durations)> LoadAsync(int callers, TimeSpan duration, Func<Task> call)
    {
        var samples = new Samples();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                var called = Stopwatch.GetTimestamp();
                await call();
                samples.AddTicks(Stopwatch.GetTimestamp() - called);
            }
        })));
        return (samples.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, samples);
    }
}

/// <summary>Results of several subjects, round by round.</summary>
internal sealed class Series<T>(Dictionary<object, List<T>> results)
{
    public IReadOnlyList<T> Of(object subject) => results[subject];

    /// <summary>The median over the rounds of subject ÷ floor.</summary>
    public double Ratio(object subject, object floor, Func<T, double> value) =>
        Samples.Median(results[subject].Zip(results[floor], (s, f) => value(s) / value(f)));
}

internal static class SeriesExtensions
{
    public static Samples All(this Series<Samples> series, object subject)
    {
        var all = new Samples();
        foreach (var round in series.Of(subject))
            all.AddRange(round);
        return all;
    }

    public static double MedianOf(this Series<double> series, object subject) => Samples.Median(series.Of(subject));
}
