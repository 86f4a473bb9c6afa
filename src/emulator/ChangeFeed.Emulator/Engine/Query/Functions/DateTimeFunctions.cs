using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

internal static class DateTimeFunctions
{
    public static readonly Function[] All =
    [
        Function.Of(
            "DATETIMEADD",
            3,
            3,
            a => DateParts.Find(a[0]) is { } part && a[1].TryGetInteger(out var count) && Moment.TryParse(a[2], out var moment)
            ? Add(moment, part, count)
            : Value.Undefined),
        Function.Of(
            "DATETIMEDIFF",
            3,
            3,
            a => DateParts.Find(a[0]) is { } part && Moment.TryParse(a[1], out var from) && Moment.TryParse(a[2], out var to)
            ? Difference(part, from, to)
            : Value.Undefined),
        Function.Of("DATETIMEPART", (name, text) => DateParts.Find(name) is { } part && Moment.TryParse(text, out var moment)
            ? Value.Of(Part(part, moment))
            : Value.Undefined),
        PartOf("YEAR", DatePart.Year),
        PartOf("MONTH", DatePart.Month),
        PartOf("DAY", DatePart.Day),
        Function.Of("DATETIMEBIN", 2, 4, Bin),
        Function.Of("DATETIMEFROMPARTS", 3, 7, FromParts),
        Function.Of("DATETIMETOTICKS", v => Moment.TryParse(v, out var moment) ? Moment.UnixTicks(moment).ToValue() : Value.Undefined),
        Function.Of("DATETIMETOTIMESTAMP", v => Moment.TryParse(v, out var moment)
            ? Value.Of(Moment.UnixTicks(moment) / TimeSpan.TicksPerMillisecond)
            : Value.Undefined),
        Function.Of("TICKSTODATETIME", v => v.TryGetInteger(out var ticks) ? Moment.FromTicks(ticks) : Value.Undefined),
        Function.Of(
            "TIMESTAMPTODATETIME",
            v => v.TryGetInteger(out var ms) ? Moment.FromTicks((Int128)ms * TimeSpan.TicksPerMillisecond) : Value.Undefined),
    ];

    public static Value Add(DateTime moment, DatePart part, long count)
    {
        switch (part)
        {
            case DatePart.Weekday:
                return Value.Undefined;
            case DatePart.Year or DatePart.Month:
                var months = (Int128)count * (part == DatePart.Year ? 12 : 1);
                var total = (moment.Year - 1) * 12 + moment.Month - 1 + months;
                return total >= 0 && total < 9999 * 12 ? Moment.ToValue(moment.AddMonths((int)months)) : Value.Undefined;
            case DatePart.Nanosecond:
                return Moment.FromTicks(Moment.UnixTicks(moment) + (Int128)Math.Round(count / 100.0, MidpointRounding.AwayFromZero));
            default:
                return Moment.FromTicks(Moment.UnixTicks(moment) + (Int128)count * DateParts.Ticks(part));
        }
    }

    /// <summary>How many boundaries of the part lie between two moments; of the parts of a second, how many have passed.</summary>
    private static Value Difference(DatePart part, DateTime from, DateTime to)
    {
        switch (part)
        {
            case DatePart.Year:
                return Value.Of(to.Year - from.Year);
            case DatePart.Month:
                return Value.Of((to.Year - from.Year) * 12 + to.Month - from.Month);
            case DatePart.Weekday:
                return Value.Undefined;
            case DatePart.Nanosecond:
                return Value.Of((to.Ticks - from.Ticks) * 100.0);
            case DatePart.Millisecond or DatePart.Microsecond:
                return Value.Of((to.Ticks - from.Ticks) / DateParts.Ticks(part));
            default:
                var ticks = DateParts.Ticks(part);
                return Value.Of(to.Ticks / ticks - from.Ticks / ticks);
        }
    }

    private static Function PartOf(string name, DatePart part) =>
        Function.Of(name, v => Moment.TryParse(v, out var moment) ? Value.Of(Part(part, moment)) : Value.Undefined);

    private static double Part(DatePart part, DateTime moment)
    {
        var fraction = moment.Ticks % TimeSpan.TicksPerSecond;
        return part switch
        {
            DatePart.Year => moment.Year,
            DatePart.Month => moment.Month,
            DatePart.Weekday => (int)moment.DayOfWeek,
            DatePart.Day => moment.Day,
            DatePart.Hour => moment.Hour,
            DatePart.Minute => moment.Minute,
            DatePart.Second => moment.Second,
            DatePart.Millisecond => moment.Millisecond,
            DatePart.Microsecond => fraction / TimeSpan.TicksPerMicrosecond,
            _ => fraction * 100,
        };
    }

    private static Value Bin(Value[] a)
    {
        var size = Value.Of(1);
        var origin = DateTime.UnixEpoch;
        if (!Moment.TryParse(a[0], out var moment) || DateParts.Find(a[1]) is not { } part
            || (a.Length > 2 && !(size = a[2]).IsNumber) || (a.Length > 3 && !Moment.TryParse(a[3], out origin)))
        {
            return Value.Undefined;
        }
        var ticks = (Int128)(part == DatePart.Nanosecond ? size.AsNumber() / 100 : size.AsNumber() * DateParts.Ticks(part));
        if (ticks <= 0)
            return Value.Undefined;
        var since = (Int128)moment.Ticks - origin.Ticks;
        var bins = since / ticks - (since % ticks < 0 ? 1 : 0);
        return Moment.FromTicks(Moment.UnixTicks(origin) + bins * ticks);
    }

    private static Value FromParts(Value[] a)
    {
        var parts = new long[7];
        for (var i = 0; i < a.Length; i++)
        {
            if (!a[i].TryGetInteger(out parts[i]))
                return Value.Undefined;
        }
        var (year, month, day) = (parts[0], parts[1], parts[2]);
        var valid = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month)
            && parts[3] is >= 0 and < 24 && parts[4] is >= 0 and < 60 && parts[5] is >= 0 and < 60
                && parts[6] is >= 0 and < TimeSpan.TicksPerSecond;
        return valid
            ? Moment.ToValue(
                new DateTime(
                    (int)year, (int)month, (int)day, (int)parts[3], (int)parts[4], (int)parts[5], DateTimeKind.Utc).AddTicks(parts[6]))
            : Value.Undefined;
    }
}
