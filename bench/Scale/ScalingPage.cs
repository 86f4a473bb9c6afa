using System.Globalization;
using Bench.Harness;
using Bench.Subjects;

namespace Bench.Scale;

/// <summary>Writes what was measured into docs/scaling.md, between the marks of each part, and its charts beside the other pictures.</summary>
internal static class ScalingPage
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "scaling.md");
    private static readonly string Images = Path.Combine(Repository.Root, "docs", "images");

    /// <summary>Parts that were not measured stay as they are.</summary>
    public static void Write(ScaleResults results)
    {
        var text = File.ReadAllText(Page);
        if (results.Grid is { } grid)
            text = Replace(text, "grid", grid, ScaleCharts.Of(grid), ScaleTable.Of(results, "grid"));
        if (results.Filled is { } filled)
            text = Replace(text, "filled", filled, ScaleCharts.Of(filled), ScaleTable.Of(results, "filled"));
        if (results.Hot is { } hot)
            text = Replace(text, "hot", hot, ScaleCharts.Of(hot), ScaleTable.Of(results, "hot"));
        if (results.Long is { } longOnes)
            text = Replace(text, "long", longOnes, ScaleCharts.Of(longOnes), ScaleTable.Of(results, "long"));
        File.WriteAllText(Page, text);
        Console.WriteLine($"Written to {Page} and {Images}.");
    }

    private static string Replace<TCell>(string page, string name, Part<TCell> part, (string Title, string Svg) chart, IEnumerable<ScaleTable> tables)
    {
        var (begin, end) = ($"<!-- scale:{name} -->\n", $"<!-- scale:{name} end -->\n");
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal), page.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new BenchException($"'{Page}' has no '{begin.Trim()}' with its end.");
        var image = $"scaling-{name}.svg";
        File.WriteAllText(Path.Combine(Images, image), chart.Svg);
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture,
                $"Measured on {part.At:d MMMM yyyy}, {part.Build} build, {part.Processor}, load average before it {part.LoadBefore:0.0}."),
            "",
            $"![{chart.Title}](images/{image})",
            "",
            .. tables.SelectMany(table => table.Lines().Append("")), "",
        ];
        return page[..(from + begin.Length)] + string.Join('\n', lines) + page[to..];
    }
}
