using System.Globalization;
using OrderPipeline.Emulator.Query.Values;

namespace OrderPipeline.Emulator.Query.Functions;

/// <summary>Dates as the query language reads and writes them: <c>yyyy-MM-ddTHH:mm:ss.fffffffZ</c>.</summary>
static class Moment
{
    static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, out DateTime moment) => DateTime.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    public static bool TryParse(in Value value, out DateTime moment)
    {
        moment = default;
        return value.IsString && TryParse(value.AsString(), out moment);
    }

    public static Value ToValue(DateTime moment) =>
        Value.Of(moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));

    /// <summary>The moment so many ticks of 100 ns after 1970, or undefined outside the years 1 to 9999.</summary>
    public static Value FromTicks(Int128 ticks)
    {
        var absolute = ticks + DateTime.UnixEpoch.Ticks;
        return absolute >= 0 && absolute <= DateTime.MaxValue.Ticks ? ToValue(new DateTime((long)absolute, DateTimeKind.Utc)) : Value.Undefined;
    }

    public static long UnixTicks(DateTime moment) => moment.Ticks - DateTime.UnixEpoch.Ticks;
}
