using System.Globalization;
using System.Net;
using System.Text;

namespace Bench.Scale;

/// <summary>Panels, up to four side by side, each of groups of bars with their values above them, as SVG.</summary>
internal static class BarChart
{
    private const int PanelWidth = 330;
    private const int PanelHeight = 210;
    private const int Top = 56;
    private const int Margin = 16;
    private const int Bottom = 46;
    private const int RowHeight = PanelHeight + Bottom + 26; // the heading of the next row is in it
    private const int Columns = 4;
    private const double BarShare = 0.84; // of a group's width

    // Colours that differ for those who see no red or no green, too.
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7"];

    /// <summary>Draws.</summary>
    /// <param name="title">What all of it is about.</param>
    /// <param name="series">What the colours stand for.</param>
    /// <param name="axis">What the groups are.</param>
    /// <param name="panels">Each with a heading, and for every group a value of each series; what is not a number has no bar.</param>
    public static string Draw(string title, IReadOnlyList<string> series, string axis, IReadOnlyList<Panel> panels)
    {
        var rows = (panels.Count + Columns - 1) / Columns;
        var (width, height) = (Math.Min(panels.Count, Columns) * PanelWidth + Margin, Top + (rows - 1) * RowHeight + PanelHeight + Bottom);
        var svg = new StringBuilder();
        svg.AppendLine("""<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="sans-serif" font-size="12" fill="#222" """)
            .AppendLine(CultureInfo.InvariantCulture, $"""width="{width}" height="{height}" viewBox="0 0 {width} {height}">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<title>{Escape(title)}</title><rect width="{width}" height="{height}" fill="#fff"/>""");
        var x = (double)Margin;
        for (var i = 0; i < series.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{x:0.#}" y="10" width="12" height="12" fill="{Colours[i]}"/>""");
            Text(x + 18, 20, series[i]);
            x += 40 + 7 * series[i].Length;
        }

        for (var i = 0; i < panels.Count; i++)
            Draw(panels[i], Margin + i % Columns * PanelWidth, Top + i / Columns * RowHeight + PanelHeight);
        return svg.AppendLine("</svg>").ToString();

        void Draw(Panel panel, double left, int floor)
        {
            var groupWidth = (PanelWidth - Margin) / (double)panel.Groups.Count;
            var values = panel.Groups.SelectMany(group => group.Values).Where(double.IsFinite).ToList();
            var most = values.Count > 0 ? Math.Max(values.Max(), 1e-9) : 1;
            Text(left, floor - PanelHeight - 10, panel.Heading, weight: "bold");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<line x1="{left:0.#}" y1="{floor}" x2="{left + PanelWidth - Margin:0.#}" y2="{floor}" stroke="#888"/>""");
            for (var g = 0; g < panel.Groups.Count; g++)
            {
                var (name, bars) = panel.Groups[g];
                var barWidth = groupWidth * BarShare / bars.Count;
                for (var b = 0; b < bars.Count; b++)
                {
                    if (!double.IsFinite(bars[b]))
                        continue;
                    var tall = (PanelHeight - 24) * Math.Max(0, bars[b]) / most;
                    var at = left + g * groupWidth + groupWidth * (1 - BarShare) / 2 + b * barWidth;
                    svg.AppendLine(CultureInfo.InvariantCulture,
                        $"""<rect x="{at:0.#}" y="{floor - tall:0.#}" width="{barWidth - 2:0.#}" height="{tall:0.#}" fill="{Colours[b]}"/>""");
                    Text(at + barWidth / 2 - 1, floor - tall - 4, Short(bars[b]), anchor: "middle", size: 10);
                }

                Text(left + (g + 0.5) * groupWidth, floor + 16, name, anchor: "middle");
            }

            Text(left + (PanelWidth - Margin) / 2.0, floor + 34, axis, anchor: "middle");
        }

        void Text(double atX, double atY, string text, string anchor = "start", string weight = "normal", int size = 12) => svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<text x="{atX:0.#}" y="{atY:0.#}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">{Escape(text)}</text>""");
    }

    /// <summary>Three digits are what such figures are good for.</summary>
    private static string Short(double value) => value switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>One diagram.</summary>
/// <param name="Heading">What the bars show, with the unit.</param>
/// <param name="Groups">Each with its name, and a bar of every series.</param>
internal sealed record Panel(string Heading, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Groups);
