namespace Bench.Harness;

/// <summary>Plain columns, as wide as what they hold.</summary>
internal static class Table
{
    public static void Print(string[] head, IEnumerable<string[]> rows, IEnumerable<string> notes)
    {
        var all = rows.Prepend(head).ToList();
        var widths = head.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            Console.WriteLine("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (var note in notes)
            Console.WriteLine($"  * {note}");
        Console.WriteLine();
    }
}
