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
            await (part switch
            {
                "grid" => MeasureAsync(GridPart.MeasureAsync(options, directory, stop), cells => results with { Grid = cells }),
                "filled" => MeasureAsync(FilledPart.MeasureAsync(options, directory, stop), cells => results with { Filled = cells }),
                "hot" => MeasureAsync(HotPart.MeasureAsync(options, directory, stop), cells => results with { Hot = cells }),
                _ => MeasureAsync(LongPart.MeasureAsync(options, directory, stop), cells => results with { Long = cells }),
            });
            Console.WriteLine(part);
            foreach (var table in ScaleTable.Of(results, part))
                Table.Print(table.Head, table.Rows, []);
        }

        Console.WriteLine($"Written to {options.ResultsFile}; --write-docs makes the tables and charts of docs/scaling.md of it.");
        return 0;

        // A part takes long: what was measured is kept, whatever becomes of the next.
        async Task MeasureAsync<TCell>(IAsyncEnumerable<TCell> measuring, Func<Part<TCell>, ScaleResults> with)
        {
            var (load, cells) = (Machine.LoadAverage, new List<TCell>());
            await foreach (var cell in measuring)
            {
                cells.Add(cell);
                results = with(new Part<TCell>(TimeProvider.System.GetUtcNow(), Build, Machine.Processor, load, cells));
                results.Write(options.ResultsFile);
            }
        }
    }

    // What it is built in, its services are.
    private static string Build => Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Name;
}
