using System.Globalization;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>
/// Dates as the query language reads and writes them: <c>yyyy-MM-ddTHH:mm:ss.fffffffZ</c>. The time, its fraction and the offset
/// (<c>Z</c>, <c>+hh</c>, <c>+hh:mm</c>) may be missing; a date begins in 1601.
/// </summary>
internal static class Moment
{
    private static readonly DateTime First = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static bool TryParse(in Value value, out DateTime moment)
    {
        moment = default;
        return value.IsString && TryParse(value.AsString(), out moment);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out DateTime moment)
    {
        var date = text.Length < 10 ? text : text[..10];
        if (!DateTime.TryParseExact(
            date,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out moment))
            return false;
        text = text[10..];
        if (!TryTakeTime(ref text, out var time) || !TryOffset(text, out var offset))
            return false;
        var ticks = moment.Ticks + time.Ticks - offset.Ticks;
        if (ticks < First.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        moment = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryTakeTime(ref ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        if (text.IsEmpty || text[0] is not ('T' or ' '))
            return true;
        if (text.Length < 9 || !TimeSpan.TryParseExact(text.Slice(1, 8), @"hh\:mm\:ss", CultureInfo.InvariantCulture, out time))
            return false;
        text = text[9..];
        if (text.IsEmpty || text[0] != '.')
            return true;
        var digits = 1;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        if (digits is 1 or > 8)
            return false;
        var fraction = long.Parse(text[1..digits], CultureInfo.InvariantCulture);
        for (var i = digits; i < 8; i++)
            fraction *= 10;
        time += TimeSpan.FromTicks(fraction);
        text = text[digits..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text.IsEmpty || text is "Z")
            return true;
        if (text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text[1..], [@"hh\:mm", "hhmm", "hh"], CultureInfo.InvariantCulture, out offset))
            return false;
        offset = text[0] == '-' ? -offset : offset;
        return true;
    }

    public static Value ToValue(DateTime moment) => moment < First
        ? Value.Undefined
        : Value.Of(moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));

    /// <summary>The moment so many ticks of 100 ns after 1970, or undefined outside the years 1601 to 9999.</summary>
    public static Value FromTicks(Int128 ticks)
    {
        var absolute = ticks + DateTime.UnixEpoch.Ticks;
        return absolute >= 0 && absolute <= DateTime.MaxValue.Ticks
            ? ToValue(new DateTime((long)absolute, DateTimeKind.Utc))
            : Value.Undefined;
    }

    public static long UnixTicks(DateTime moment) => moment.Ticks - DateTime.UnixEpoch.Ticks;
}
