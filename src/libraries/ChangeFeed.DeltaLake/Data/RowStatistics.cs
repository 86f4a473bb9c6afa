using System.Globalization;
using System.Text.Json;
using ChangeFeed.DeltaLake.Log;

namespace ChangeFeed.DeltaLake.Data;

/// <summary>Counts what the log says about the rows of a file.</summary>
internal static class RowStatistics
{
    // Longer texts would make the log longer than they spare reads.
    private const int LongestText = 64;

    public static FileStatistics Of(IReadOnlyList<DeltaField> fields, IReadOnlyList<object?[]> rows)
    {
        var statistics = new FileStatistics(rows.Count, [], [], []);
        for (var i = 0; i < fields.Count; i++)
        {
            var there = rows.Select(row => row[i]).OfType<object>().ToList();
            statistics.Empty[fields[i].Name] = Json((long)(rows.Count - there.Count));
            if (RangeOf(there) is not { } range)
                continue;
            statistics.Least[fields[i].Name] = range.Least;
            statistics.Greatest[fields[i].Name] = range.Greatest;
        }

        return statistics;
    }

    private static (JsonElement Least, JsonElement Greatest)? RangeOf(List<object> values) => values switch
    {
        [] => null,
        [long, ..] => (Json(values.Min(value => (long)value)), Json(values.Max(value => (long)value))),
        [int, ..] => (Json(values.Min(value => (long)(int)value)), Json(values.Max(value => (long)(int)value))),
        [string, ..] => RangeOfTexts(values.ConvertAll(value => (string)value)),
        [DateTimeOffset, ..] => (Time(values.Min(value => (DateTimeOffset)value), up: false), Time(values.Max(value => (DateTimeOffset)value), up: true)),
        _ => null,
    };

    // Readers compare the bytes of UTF-8; of other characters .NET's order is another.
    private static (JsonElement Least, JsonElement Greatest)? RangeOfTexts(List<string> texts)
    {
        if (texts.Exists(text => text.Length > LongestText || text.Any(letter => letter > '~')))
            return null;
        return (Json(texts.Min(StringComparer.Ordinal)!), Json(texts.Max(StringComparer.Ordinal)!));
    }

    // The log has milliseconds, the file has more: what it says is a little wider than what there is.
    private static JsonElement Time(DateTimeOffset time, bool up)
    {
        var whole = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        return Json((up && whole < time ? whole.AddMilliseconds(1) : whole).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private static JsonElement Json(long number) => JsonSerializer.SerializeToElement(number, LogJson.Default.Int64);

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text, LogJson.Default.String);
}
