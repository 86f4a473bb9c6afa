using System.Globalization;

namespace Bench.Scale;

/// <summary>A chart of each part.</summary>
internal static class ScaleCharts
{
    private static readonly (string Heading, Func<OrderLoad, double> Value)[] OfLoad =
    [
        ("orders/s", load => load.OrdersPerSecond), ("p99, ms", load => load.P99Ms), ("CPU of an order, ms", load => load.StoreMs + load.ServicesMs),
        ("requests of an order", load => load.Requests),
    ];

    public static (string Title, string Svg) Of(Part<GridCell> part)
    {
        var partitions = part.Cells.Select(cell => cell.Partitions).Distinct().ToList();
        var groups = part.Cells.GroupBy(cell => cell.Instances).ToList();
        return Draw(
            "Orders with more partitions and instances", [.. partitions.Select(n => n == 1 ? "1 partition" : $"{n} partitions")], "instances of each worker",
            [
                .. OfLoad.Select(shown => new Panel(shown.Heading,
                [
                    .. groups.Select(group => ($"{group.Key}", (IReadOnlyList<double>)
                        [.. partitions.Select(n => group.FirstOrDefault(cell => cell.Partitions == n) is { } cell ? shown.Value(cell.Load) : double.NaN)]))
                ]))
            ]);
    }

    public static (string Title, string Svg) Of(Part<FilledCell> part) => Draw(
        "Orders on a store that has many already", ["4 partitions, 1 instance"], "orders stored",
        [
            .. OfLoad.Select(shown => part.ToPanel(shown.Heading, cell => shown.Value(cell.Load))),
            part.ToPanel("a point read, ms", cell => cell.PointReadMs ?? double.NaN),
            part.ToPanel("a stream, ms", cell => cell.StreamReadMs ?? double.NaN),
            part.ToPanel("start of the store, s", cell => cell.StoreStartSeconds),
        ]);

    public static (string Title, string Svg) Of(Part<HotCell> part)
    {
        var kinds = part.Cells.GroupBy(cell => cell.Customers).ToList();
        return Draw(
            "Orders of one customer and of many", ["each turn by itself: first", "second"], "orders of",
            [
                .. OfLoad.Select(shown => new Panel(shown.Heading,
                    [.. kinds.Select(kind => (kind.Key, (IReadOnlyList<double>)[.. kind.Select(cell => shown.Value(cell.Load))]))]))
            ]);
    }

    public static (string Title, string Svg) Of(Part<LongCell> part)
    {
        var lengths = part.Cells.Select(cell => cell.Events).Distinct().ToList();
        var kinds = part.Cells.GroupBy(cell => cell.What).ToList();
        return Draw(
            "What is done to long streams", [.. lengths.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n:#,0} events"))], "time and request units",
            [
                .. kinds.Select(kind => new Panel(kind.Key,
                    [("p50, ms", [.. kind.Select(cell => cell.P50Ms)]), ("RU", [.. kind.Select(cell => cell.Units)])]))
            ]);
    }

    private static Panel ToPanel(this Part<FilledCell> part, string heading, Func<FilledCell, double> value) => new(
        heading, [.. part.Cells.Select(cell => (cell.Stored.ToString("#,0", CultureInfo.InvariantCulture), (IReadOnlyList<double>)[value(cell)]))]);

    private static (string Title, string Svg) Draw(string title, IReadOnlyList<string> series, string axis, IReadOnlyList<Panel> panels) =>
        (title, BarChart.Draw(title, series, axis, panels));
}
