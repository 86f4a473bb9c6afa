namespace Orders.ReadModels.Statistics;

/// <summary>
/// Times from placed to shipped, counted in classes that grow by a tenth each, from a millisecond: what is read from them is wrong by
/// at most 5 %, however long or short the times are. Everything longer than a year is in one class.
/// </summary>
public static class ShipTimes
{
    private const double Growth = 1.1;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The last of the classes.</summary>
    public static int LastClass => ClassOf(Longest);

    /// <summary>The class of a time.</summary>
    public static int ClassOf(TimeSpan time) =>
        time.TotalMilliseconds <= 1 ? 0 : (int)Math.Ceiling(Math.Log(Math.Min(time.TotalMilliseconds, Longest.TotalMilliseconds), Growth));

    /// <summary>The median of so many times per class; null when there are none.</summary>
    public static TimeSpan? Median(IEnumerable<(int Class, long Count)> classes)
    {
        var sorted = classes.OrderBy(c => c.Class).ToList();
        var half = (sorted.Sum(c => c.Count) + 1) / 2;
        foreach (var (number, count) in sorted)
        {
            half -= count;
            // The middle of the class, on the same scale.
            if (half <= 0)
                return TimeSpan.FromMilliseconds(Math.Pow(Growth, number == 0 ? 0 : number - 0.5));
        }

        return null;
    }
}
