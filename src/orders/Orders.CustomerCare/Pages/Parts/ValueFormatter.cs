using System.Globalization;
using System.Text.RegularExpressions;

namespace Orders.CustomerCare.Pages.Parts;

/// <summary>Numbers, times and names as one reads them.</summary>
internal static partial class ValueFormatter
{
    public static string Money(decimal amount, string currency) => $"{amount.ToString("#,##0.00##", CultureInfo.InvariantCulture)} {currency}";

    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Count(long number, string one, string many) => $"{Count(number)} {(number == 1 ? one : many)}";

    public static string Duration(TimeSpan time) => FormattableString.Invariant(time switch
    {
        { TotalMilliseconds: < 0 } => $"0 ms",
        { TotalMilliseconds: < 10 } => $"{time.TotalMilliseconds:0.#} ms",
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds:0} ms",
        { TotalSeconds: < 10 } => $"{time.TotalSeconds:0.0} s",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)time.TotalHours} h",
        _ => $"{(int)time.TotalDays} days",
    });

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string ExactTime(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The form a time has in the attribute <c>datetime</c>.</summary>
    public static string Machine(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary><c>OrderPlaced</c> as <c>Order placed</c>.</summary>
    public static string Name(string? name)
    {
        var words = WordStart().Replace(name ?? "unknown", " $0").Trim();
        return words.Length == 0 ? "unknown" : words[..1].ToUpperInvariant() + words[1..].ToLowerInvariant();
    }

    /// <summary>The beginning of an id, enough to tell it from others near it.</summary>
    public static string Short(string id) => id.Length > 13 ? id[..13] + "…" : id;

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();
}
