using System.Globalization;

namespace Bench.Scale;

/// <summary>The measurements as tables: the same on the console and on the page.</summary>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">The cells.</param>
internal sealed record ScaleTable(string[] Head, IReadOnlyList<string[]> Rows)
{
    private static readonly string[] OfLoad =
        ["orders/s", "p50", "p99", "CPU of an order: store", "services", "requests", "RU", "lag at the end", "caught up after"];

    /// <summary>The tables of a part; none where it was not measured.</summary>
    public static IEnumerable<ScaleTable> Of(ScaleResults results, string part) => part switch
    {
        "grid" => results.Grid is { } grid ? [Of(grid)] : [],
        "filled" => results.Filled is { } filled ? [Of(filled), .. OfFills(filled)] : [],
        "hot" => results.Hot is { } hot ? [Of(hot)] : [],
        _ => results.Long is { } longOnes ? [Of(longOnes)] : [],
    };

    /// <summary>As Markdown.</summary>
    public IEnumerable<string> Lines() =>
    [
        Line(Head), Line(Head.Select(_ => "---")), .. Rows.Select(Line),
    ];

    private static ScaleTable Of(Part<GridCell> part) => new(
        ["partitions", "instances", "of them at work", .. OfLoad],
        [.. part.Cells.Select(cell => (string[])[$"{cell.Partitions}", $"{cell.Instances}", Number(cell.AtWork, "0.0"), .. Cells(cell.Load)])]);

    private static ScaleTable Of(Part<FilledCell> part) => new(
        ["orders stored", "store starts in", "all healthy in", "point read", "stream", "data file", "store's memory", .. OfLoad],
        [
            .. part.Cells.Select(cell => (string[])
            [
                Number(cell.Stored, "#,0"), Seconds(cell.StoreStartSeconds), Seconds(cell.SystemStartSeconds), Milliseconds(cell.PointReadMs),
                Milliseconds(cell.StreamReadMs), $"{Number(cell.Megabytes, "#,0")} MB", $"{Number(cell.StoreMegabytes, "#,0")} MB", .. Cells(cell.Load),
            ])
        ]);

    // A line for each view and size.
    private static IEnumerable<ScaleTable> OfFills(Part<FilledCell> part)
    {
        var fills = part.Cells.Select(cell => cell.Fill).OfType<Fill>().ToList();
        if (fills.Count == 0)
            yield break;
        yield return new ScaleTable(
            ["orders", "their events written in", "view", "built from", "in", "events/s", "whole command"],
            [
                .. fills.SelectMany(fill => fill.Rebuilds, (fill, rebuild) => (string[])
                [
                    Number(fill.Orders, "#,0"), Seconds(fill.Seconds), rebuild.Key, $"{Number(rebuild.Value.Events, "#,0")} events",
                    Seconds(rebuild.Value.BuildSeconds), Number(rebuild.Value.Events / Math.Max(rebuild.Value.BuildSeconds, 0.01), "#,0"),
                    Seconds(rebuild.Value.CommandSeconds),
                ])
            ]);
    }

    private static ScaleTable Of(Part<HotCell> part) =>
        new(["orders of", .. OfLoad], [.. part.Cells.Select(cell => (string[])[cell.Customers, .. Cells(cell.Load)])]);

    private static ScaleTable Of(Part<LongCell> part) => new(
        ["what", "events in the stream", "p50", "p99", "RU"],
        [
            .. part.Cells.GroupBy(cell => cell.What).SelectMany(cells => cells).Select(cell => (string[])
            [
                cell.What, Number(cell.Events, "#,0"), Milliseconds(cell.P50Ms), Milliseconds(cell.P99Ms), Number(cell.Units, "0.0"),
            ])
        ]);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string[] Cells(OrderLoad load) =>
    [
        Number(load.OrdersPerSecond, "0.0"), Milliseconds(load.P50Ms), Milliseconds(load.P99Ms), Milliseconds(load.StoreMs), Milliseconds(load.ServicesMs),
        Number(load.Requests, "0.0"), Number(load.Units, "0"), Number(load.LagAtEnd, "#,0"), Seconds(load.CaughtUpSeconds),
    ];

    private static string Milliseconds(double? value) => value switch
    {
        null => "",
        >= 1000 => $"{Number(value.Value / 1000, "0.0")} s",
        >= 100 => $"{Number(value.Value, "0")} ms",
        _ => $"{Number(value.Value, "0.0")} ms",
    };

    private static string Seconds(double value) => $"{Number(value, value < 10 ? "0.0" : "#,0")} s";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
