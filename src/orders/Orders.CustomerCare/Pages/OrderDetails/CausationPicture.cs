using Orders.CustomerCare.Causation;
using Orders.CustomerCare.Pages.Parts;

namespace Orders.CustomerCare.Pages.OrderDetails;

/// <summary>Where everything lies in the picture of what caused what: depth goes down, branches go to the right, and what was asked for later lies below what
/// was asked for before.</summary>
internal sealed record CausationPicture(
    IReadOnlyList<CausationPicture.Box> Boxes, IReadOnlyList<CausationPicture.Line> Lines, int Width, int Height, string InWords)
{
    public const int BoxWidth = 196;
    public const int BoxHeight = 46;
    private const int MaxLetters = 24;
    private const int Column = BoxWidth + 16;
    private const int Row = BoxHeight + 34;
    private const int Margin = 2;

    public sealed record Box(long Version, string Title, string By, string? Instance, int X, int Y)
    {
        /// <summary>Who did it, as far as there is room for it; of an instance the end tells it from others.</summary>
        public string Who => Instance is null || MaxLetters - By.Length is var room && room < 6 ? By
            : $"{By} · {(Instance.Length <= room ? Instance : "…" + Instance[^(room - 1)..])}";
    }

    public sealed record Line(string Path, string Label, int LabelX, int LabelY);

    public static CausationPicture Of(IReadOnlyList<CausedEvent> roots)
    {
        var boxes = new List<Box>();
        var lines = new List<Line>();
        var words = new List<string>();
        var columns = 0;
        var rows = 0;
        var width = 1;
        foreach (var root in roots)
        {
            columns = 0;
            Place(root, 0, rows, null);
            width = Math.Max(width, columns);
        }

        return new CausationPicture(boxes, lines, width * Column - 16 + (2 * Margin), Math.Max(1, rows) * Row - 34 + (2 * Margin), string.Join(" ", words));

        // A first effect lies under its cause; each further one opens a column of its own.
        void Place(CausedEvent e, int column, int row, Box? cause)
        {
            var box = new Box(e.Version, ValueFormatter.Name(e.Type), e.By, e.Instance, Margin + (column * Column), Margin + (row * Row));
            boxes.Add(box);
            columns = Math.Max(columns, column + 1);
            rows = Math.Max(rows, row + 1);
            words.Add(cause is null ? $"{box.Title} by {box.By}." : $"{cause.Title} led to {box.Title} by {box.By} after {Took(e)}.");
            if (cause is not null)
                lines.Add(Connect(cause, box, Took(e)));
            for (var i = 0; i < e.Led.Count; i++)
                Place(e.Led[i], i == 0 ? column : columns, row + 1, box);
        }
    }

    private static string Took(CausedEvent e) => ValueFormatter.Duration(TimeSpan.FromMilliseconds(e.AfterCauseMs ?? 0));

    private static Line Connect(Box from, Box to, string label)
    {
        var (x1, y1, x2, y2) = (from.X + 24, from.Y + BoxHeight, to.X + 24, to.Y);
        var path = x1 == x2 ? $"M{x1} {y1}V{y2}" : $"M{from.X + BoxWidth - 24} {y1}C{from.X + BoxWidth - 24} {y1 + 24} {x2} {y2 - 24} {x2} {y2}";
        return new Line(path, label, x2 + 8, y2 - 12);
    }
}
