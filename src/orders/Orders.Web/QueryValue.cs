using System.Globalization;

namespace Orders.Web;

/// <summary>
/// Values of the address, bound as text and read in here: the framework's own binding answers a wrong one without saying which it was.
/// </summary>
public static class QueryValue
{
    /// <summary>A whole number; null when it is left out.</summary>
    /// <exception cref="InvalidRequestException">It is no whole number within the limits; the message names it.</exception>
    public static long? Whole(string name, string? text, long least, long most = 9_007_199_254_740_991)
    {
        if (text is null)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw InvalidRequestException.Of(name, $"Must be a whole number from {least} to {most}.");
    }

    /// <summary>What a time must be.</summary>
    public const string TimeProblem = "Must be a time of ISO 8601 in the years 1970 to 2999, such as 2026-03-14T15:09:26Z.";

    // Windows around a time, and offsets, must not lead out of what the calendar of .NET has.
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>A point in time; null when it is left out.</summary>
    /// <exception cref="InvalidRequestException">It is no time; the message names it.</exception>
    public static DateTimeOffset? Time(string name, string? text)
    {
        if (text is null)
            return null;
        return TryTime(text, out var time) ? time : throw InvalidRequestException.Of(name, TimeProblem);
    }

    /// <summary>Reads a point in time.</summary>
    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && text.Contains('T', StringComparison.Ordinal) && time >= Earliest && time <= Latest;

    /// <summary>A text; null when it is left out.</summary>
    /// <exception cref="InvalidRequestException">It does not follow the rule; the message names it.</exception>
    public static string? Text(string name, string? text, TextRule rule)
    {
        if (text is null)
            return null;
        var clean = rule.Clean(text);
        return rule.Problem(clean) is { } problem ? throw InvalidRequestException.Of(name, problem) : clean;
    }
}
