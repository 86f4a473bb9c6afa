using Microsoft.Azure.Cosmos;
using Npgsql;

namespace Bench.Harness;

/// <summary>One figure: measures its subjects against each other.</summary>
internal interface IFigure<in TSetup>
{
    /// <summary>Its name for <c>--only</c>.</summary>
    string Name { get; }

    Task<IReadOnlyList<Measurement>> RunAsync(TSetup setup, CancellationToken stop);
}

/// <summary>Runs figures one after the other and prints each as it is there.</summary>
internal static class Figures
{
    /// <returns>The exit code: 1 for a missed goal where goals are checked.</returns>
    public static async Task<int> RunAsync<TSetup>(
        string bench, BenchOptions options, WorkDirectory directory, IReadOnlyList<IFigure<TSetup>> figures,
        Func<Task<TSetup>> prepare, CancellationToken stop)
        where TSetup : IAsyncDisposable
    {
        var chosen = figures.Where(f => options.Only is null || options.Only.Split(',').Contains(f.Name)).ToList();
        if (chosen.Count == 0)
            throw new BenchException($"--only knows {string.Join(", ", figures.Select(f => f.Name))}, not '{options.Only}'.");
        var started = TimeProvider.System.GetTimestamp();
        var report = new Report(bench, options, directory);
        report.PrintEnvironment();
        if (directory.IsInMemory)
            throw new BenchException($"'{directory.Path}' is on {directory.Format}, in memory: give a directory on a disk with --dir.");

        await using var setup = await prepare();
        foreach (var figure in chosen)
        {
            stop.ThrowIfCancellationRequested();
            Progress.Say($"{bench}: {figure.Name}");
            report.Add(await MeasureAsync(figure, setup, stop));
        }

        report.Finish(TimeProvider.System.GetElapsedTime(started));
        return options.Check && report.Missed.Any() ? 1 : 0;
    }

    /// <summary>One figure that cannot be measured is a missed goal, and no reason to give up the others.</summary>
    private static async Task<IReadOnlyList<Measurement>> MeasureAsync<TSetup>(IFigure<TSetup> figure, TSetup setup, CancellationToken stop)
    {
        try
        {
            return await figure.RunAsync(setup, stop);
        }
        catch (Exception e) when (e is BenchException or CosmosException or NpgsqlException or HttpRequestException)
        {
            return [new Measurement(
                figure.Name, "") { Goal = new Goal("measured at all", "missed"), Note = e.Message.Split("ActivityId")[0].TrimEnd('\n', '\r', ' ', ';') }];
        }
    }
}
