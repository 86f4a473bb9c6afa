using Orders.Contracts;
using Orders.Web;

namespace Orders.Api.Statistics;

/// <summary>What is asked of the statistics, once it is known to be sensible.</summary>
internal sealed record StatisticsQuery(TimeSpan Window, DateTimeOffset From, DateTimeOffset To, string? Country, string? Sku)
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Windows of one answer.</summary>
    public const int MaxMinutes = 24 * 60;
    public const int MaxHours = 7 * 24;

    private const int UsualMinutes = 15;
    private const int UsualHours = 24;

    /// <exception cref="InvalidRequestException">Something is wrong or does not go together; each wrong parameter is named.</exception>
    public static StatisticsQuery Parse(DateTimeOffset now, string? per, string? from, string? to, string? country, string? product)
    {
        var (window, most, usual) = per switch
        {
            null or "minute" => (Minute, MaxMinutes, UsualMinutes),
            "hour" => (Hour, MaxHours, UsualHours),
            _ => throw InvalidRequestException.Of("per", "Must be minute or hour."),
        };
        if (country is not null && !Iso3166.IsCountry(country))
            throw InvalidRequestException.Of("country", "Must be a country of ISO 3166-1 alpha-2 in upper case, such as US.");
        if (product is not null && (product.Length is 0 or > PlacingAnOrder.PlaceOrderLimits.MaxId))
            throw InvalidRequestException.Of("product", $"Must be a SKU of 1 to {PlacingAnOrder.PlaceOrderLimits.MaxId} characters.");
        if (product is not null && country is not null)
            throw InvalidRequestException.Of("product", "Cannot be given together with country: products are not counted by country.");
        if (product is not null && window == Minute)
            throw InvalidRequestException.Of("product", "Products are counted per hour: give per=hour.");

        var end = Up(QueryValue.Time("to", to) ?? now, window);
        var begin = QueryValue.Time("from", from) is { } given ? Down(given, window) : end - (window * usual);
        if (begin >= end)
            throw InvalidRequestException.Of("from", "Must be before 'to', which is now when it is not given.");
        if ((end - begin) / window > most)
            throw InvalidRequestException.Of("from", $"Must be at most {most} windows before 'to'; ask per hour, or in parts.");
        return new StatisticsQuery(window, begin, end, country, product);
    }

    /// <summary>The beginning of the window a time is in.</summary>
    public static DateTimeOffset Down(DateTimeOffset time, TimeSpan window) => new(time.UtcTicks - (time.UtcTicks % window.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Up(DateTimeOffset time, TimeSpan window) =>
        Down(time, window) is var down && down == time ? down : down < DateTimeOffset.MaxValue - window ? down + window : down;
}
