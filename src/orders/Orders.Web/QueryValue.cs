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

    /// <summary>A point in time; null when it is left out.</summary>
    /// <exception cref="InvalidRequestException">It is no time; the message names it.</exception>
    public static DateTimeOffset? Time(string name, string? text)
    {
        if (text is null)
            return null;
        return text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw InvalidRequestException.Of(name, "Must be a time of ISO 8601, such as 2026-03-14T15:09:26Z.");
    }
}
