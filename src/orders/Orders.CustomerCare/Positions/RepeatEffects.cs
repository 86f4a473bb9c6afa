using System.Text.RegularExpressions;
using ChangeFeed.MassTransit;
using Orders.ReadModels;

namespace Orders.CustomerCare.Positions;

/// <summary>What it may do outside when a service handles events again, or never, in words for those who decide on it.</summary>
internal static partial class RepeatEffects
{
    private const string Appends = "What it appended names the event that caused it, so nothing is appended a second time.";
    private const string View = "Its documents know the version they are of: nothing is counted twice, and nothing goes back to an older state.";
    private const string Sink = "What is outside knows the version it is of: it is written again where it is missing, and not moved back.";

    public static string Of(PositionPlan plan)
    {
        var sentences = new List<string>();
        if (plan.Again.Events > 0)
            sentences.Add(Of(plan.Endpoint));
        if (plan.Skipped.Events > 0)
            sentences.Add(
                $"{plan.Endpoint} never handles what is skipped: what it would have done is not done, and nobody is told. A rewind brings it back.");
        return sentences.Count == 0 ? "Nothing lies between: nothing is handled again, and nothing is skipped." : string.Join(" ", sentences);
    }

    /// <summary>What handling events again may do at a service.</summary>
    public static string Of(string endpoint) => Generation().Replace(endpoint, "") switch
    {
        "tax" => Appends,
        "payment" => $"{Appends} The gateway may be asked again, under the same idempotency key: it charges and refunds once.",
        "fulfillment" => $"{Appends} The carrier may be asked again, under the same key: one parcel is sent.",
        "notification" => $"{Appends} A mail is sent again only where it is not known to have been sent, with the same Message-ID.",
        "payment-deadline" or "shipment-deadline" => "Timers that are there stay as they are; one that has fired already fires into nothing.",
        "mail-erasure" => "Mails that were deleted are deleted already.",
        "tax-audit" => "A record has the id of its event, so the books have it once.",
        ViewNames.OrderStatus or ViewNames.CustomerOrders or ViewNames.Search or ViewNames.Statistics => View,
        "search-index" or "azure-search" or "order-cache" => Sink,
        "archive" => "The archive looks for each event before it adds it: a row is there once.",
        "outward-bus" or "outward-event-hubs" => "Others are told again, with the same ids: whoever drops what it has seen has each event once.",
        "names-customers" or "names-products" => "Names are written as they are now; the same name again changes nothing.",
        "erasure" => "Who was erased stays erased; marks that are there are not set again.",
        _ => endpoint.EndsWith("-erasure", StringComparison.Ordinal)
            ? "What was erased outside is erased already."
            : $"Customer care does not know what {endpoint} does: ask those who wrote it whether it may handle an event twice.",
    };

    [GeneratedRegex("-v[0-9]+(?=$|-erasure$)")]
    private static partial Regex Generation();
}
