using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal enum DatePart
{
    Year,
    Month,
    Weekday,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
}

internal static class DateParts
{
    public static DatePart? Find(in Value name) => !name.IsString ? null : name.AsString().ToLowerInvariant() switch
    {
        "year" or "yyyy" or "yy" => DatePart.Year,
        "month" or "mm" or "m" => DatePart.Month,
        "weekday" or "dw" => DatePart.Weekday,
        "day" or "dd" or "d" => DatePart.Day,
        "hour" or "hh" => DatePart.Hour,
        "minute" or "mi" or "n" => DatePart.Minute,
        "second" or "ss" or "s" => DatePart.Second,
        "millisecond" or "ms" => DatePart.Millisecond,
        "microsecond" or "mcs" => DatePart.Microsecond,
        "nanosecond" or "ns" => DatePart.Nanosecond,
        _ => null,
    };

    /// <summary>Ticks of 100 ns in a part of fixed length; a nanosecond has none of its own.</summary>
    public static long Ticks(DatePart part) => part switch
    {
        DatePart.Day => TimeSpan.TicksPerDay,
        DatePart.Hour => TimeSpan.TicksPerHour,
        DatePart.Minute => TimeSpan.TicksPerMinute,
        DatePart.Second => TimeSpan.TicksPerSecond,
        DatePart.Millisecond => TimeSpan.TicksPerMillisecond,
        DatePart.Microsecond => TimeSpan.TicksPerMicrosecond,
        _ => 0,
    };
}
