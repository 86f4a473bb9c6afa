using System.Globalization;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>What runs where, as one table; columns are parted by two or more spaces, an empty cell is a dash.</summary>
static class SummaryTable
{
    public static IEnumerable<string> Of(IEnumerable<Instance> instances)
    {
        string[][] rows =
        [
            ["NAME", "STATE", "PID", "URL", "LEASE PREFIX"],
            .. instances.Select(i => new[]
            {
                i.Name,
                i.State.ToString().ToLowerInvariant(),
                i.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
                i.Url ?? "-",
                LeasePrefixOf(i) ?? "-",
            }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd());
    }

    public static string? LeasePrefixOf(Instance instance) =>
        instance.Project.Annotations.OfType<LeasePrefixAnnotation>().FirstOrDefault()?.Prefix;
}
