using System.Globalization;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.Pages.Parts;
using Orders.CustomerCare.Positions;

namespace Orders.CustomerCare.Pages.Services;

/// <summary>Positions, and what moving one would do, in words.</summary>
internal static class PositionFormatter
{
    public static string Of(long? position) => position?.ToString(CultureInfo.InvariantCulture) ?? "the beginning";

    public static string Of(PositionPreview preview)
    {
        var words = "";
        if (preview.Again.Events > 0)
            words += $"{preview.Service} handles these again: {Of(preview.Again)}. ";
        if (preview.Skipped.Events > 0)
            words += $"{preview.Service} never handles these: {Of(preview.Skipped)}. ";
        return words + preview.Effects;
    }

    private static string Of(FeedTally tally)
    {
        var types = string.Join(", ", tally.ByType.Select(type => $"{ValueFormatter.Count(type.Value)} {ValueFormatter.Name(type.Key)}"));
        var events = $"{(tally.IsComplete ? "" : "more than ")}{ValueFormatter.Count(tally.Events, "event", "events")}";
        var cost = tally.RequestUnits.ToString("#,##0", CultureInfo.InvariantCulture);
        return $"{events} of {ValueFormatter.Count(tally.Streams, "order", "orders")} ({types}), "
            + $"written from {Moment(tally.First!.Value)} to {Moment(tally.Last!.Value)}; reading them costs about {cost} request units";
    }

    private static string Moment(DateTimeOffset time) => $"{ValueFormatter.Date(time)}, {ValueFormatter.Time(time)}";
}
