using Bench.Harness;

namespace Bench.Scale;

/// <summary>The scale test: each part by itself, its results kept as soon as it has ended.</summary>
internal static class ScaleBench
{
    private static readonly string[] Parts = ["grid", "filled", "hot", "long"];

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ScaleOptions options, CancellationToken stop)
    {
        if (options.WriteDocs)
        {
            ScalingPage.Write(File.Exists(options.ResultsFile)
                ? ScaleResults.Read(options.ResultsFile)
                : throw new BenchException($"There are no results in '{options.ResultsFile}': measure first, or say with --json where they are."));
            return 0;
        }

        var chosen = options.Common.Only?.Split(',') ?? Parts;
        if (chosen.FirstOrDefault(part => !Parts.Contains(part)) is { } unknown)
            throw new BenchException($"--only knows {string.Join(", ", Parts)}, not '{unknown}'.");
        using var directory = new WorkDirectory(options.Common.Directory);
        new Report("scale", options.Common, directory).PrintEnvironment();
        if (directory.IsInMemory)
            throw new BenchException($"'{directory.Path}' is on {directory.Format}, in memory: give a directory on a disk with --dir.");
        var results = ScaleResults.Read(options.ResultsFile);
        foreach (var part in Parts.Where(chosen.Contains))
        {
            results = part switch
            {
                "grid" => results with { Grid = await MeasureAsync(part, GridPart.MeasureAsync, ScaleTable.Of) },
                "filled" => results with { Filled = await MeasureAsync(part, FilledPart.MeasureAsync, ScaleTable.Of, ScaleTable.OfFills) },
                "hot" => results with { Hot = await MeasureAsync(part, HotPart.MeasureAsync, ScaleTable.Of) },
                _ => results with { Long = await MeasureAsync(part, LongPart.MeasureAsync, ScaleTable.Of) },
            };
            results.Write(options.ResultsFile);
        }

        Console.WriteLine($"Written to {options.ResultsFile}; --write-docs makes the tables and charts of docs/scaling.md of it.");
        return 0;

        async Task<Part<TCell>> MeasureAsync<TCell>(
            string name, Func<ScaleOptions, WorkDirectory, CancellationToken, Task<IReadOnlyList<TCell>>> measure,
            params Func<Part<TCell>, ScaleTable?>[] tables)
        {
            var load = Machine.LoadAverage;
            var cells = await measure(options, directory, stop);
            var part = new Part<TCell>(TimeProvider.System.GetUtcNow(), Build, Machine.Processor, load, cells);
            Console.WriteLine(name);
            foreach (var table in tables.Select(of => of(part)).OfType<ScaleTable>())
                Table.Print(table.Head, table.Rows, []);
            return part;
        }
    }

    // What it is built in, its services are.
    private static string Build => Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Name;
}
