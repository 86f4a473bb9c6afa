using System.ComponentModel;
using System.Globalization;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.CustomerCare.Positions;

namespace Orders.CustomerCare.Mcp;

/// <summary>What parked_orders answers.</summary>
internal sealed record ParkedAnswer(IReadOnlyList<ToldParking> Parked);

/// <summary>An order that is parked at a service.</summary>
internal sealed record ToldParking(
    string Service,
    string OrderId,
    [property: Description("Since when.")] DateTimeOffset? Since,
    [property: Description("The event it could not handle.")] long? Version,
    string? EventType,
    [property: Description("How many events wait there.")] int? Waiting,
    string? Error)
{
    public static ToldParking Of(ParkedStream parked) => new(
        parked.Endpoint, parked.StreamId, parked.ParkedAt, parked.Version, parked.EventType, parked.Waiting, Withheld.Addresses.From(parked.Error));
}

/// <summary>What preview_replay answers.</summary>
internal sealed record ReplayPreview(
    [property: Description("How many parked orders it would touch.")] int Total,
    [property: Description("How many at which service.")] IReadOnlyList<BatchShare> Services,
    [property: Description("The first of them.")] IReadOnlyList<ToldParking> Orders,
    [property: Description("What would happen, a sentence each.")] IReadOnlyList<string> WouldHappen)
{
    public static ReplayPreview Of(BatchPreview preview) => new(
        preview.Total, preview.Services,
        [.. preview.Streams.Select(key => new ToldParking(key.Endpoint, key.StreamId, key.ParkedAt, null, null, null, null))],
        [
            $"{preview.Total} parked orders would be handled again by {ReplayWords.Names(preview.Services)}, each in the order of its events.",
            .. preview.Services.Select(share => $"{share.Service}: {RepeatEffects.Of(share.Service)}"),
        ]);
}

/// <summary>The events of an order that wait at a service.</summary>
internal sealed record WaitingEvents(ParkedStream Parked, IReadOnlyList<DeadLetter> Letters)
{
    /// <summary>Changes when something else waits than was seen, or it has failed once more.</summary>
    public string Seen => string.Create(CultureInfo.InvariantCulture, $"{Parked.ParkedAt.UtcTicks}/")
        + string.Join(',', Letters.Select(letter => string.Create(CultureInfo.InvariantCulture, $"{letter.Version}:{letter.Attempts}")));

    public IReadOnlyList<string> ReplaySays() =>
    [
        $"{Parked.Endpoint} would handle {What()} of {Parked.StreamId} again, in order. If one fails again, the order stays parked there.",
        $"{Parked.Endpoint}: {RepeatEffects.Of(Parked.Endpoint)}",
    ];

    public IReadOnlyList<string> DiscardSays() =>
    [
        $"{Parked.Endpoint} would never handle {What()} of {Parked.StreamId}; the order goes on with what comes later.",
        "This cannot be undone.",
    ];

    private string What() => string.Join(", ", Letters.Select(letter => $"event {letter.Version} ({letter.Type ?? "of no type"})"));
}

/// <summary>Services and how many orders are parked at each, in words.</summary>
internal static class ReplayWords
{
    public static string Names(IReadOnlyList<BatchShare> services) =>
        services.Count == 0 ? "no service" : string.Join(", ", services.Select(share => $"{share.Service} ({share.Orders})"));
}
