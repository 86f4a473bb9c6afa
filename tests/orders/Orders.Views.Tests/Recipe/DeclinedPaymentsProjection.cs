using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using Orders.Contracts;

namespace Orders.Views.Projections;

/// <summary>An order, and why its payment was declined; null where it was not.</summary>
public sealed record DeclinedPayment(string Id, string CustomerId, long Version, string? Reason, decimal Amount);

/// <summary>The declined payments of each customer.</summary>
public sealed class DeclinedPaymentsProjection : IProjection<DeclinedPayment>
{
    public string Name => "declined-payments";

    public JsonTypeInfo<DeclinedPayment> Json => RecipeJson.Default.DeclinedPayment;

    public DeclinedPayment? Apply(DeclinedPayment? current, RecordedEvent next) => (current, next.Data) switch
    {
        (null, OrderPlaced e) => new DeclinedPayment(next.StreamId, e.CustomerId, next.Version, null, e.Subtotal),
        (null, _) => null,
        (_, PaymentDeclined e) => current with { Version = next.Version, Reason = e.Reason, Amount = e.Amount },
        _ => current with { Version = next.Version },
    };

    public ViewKey? KeyOf(RecordedEvent e) => e.Data is OrderPlaced placed ? new ViewKey(placed.CustomerId, e.StreamId) : null;

    public string StreamOf(DeclinedPayment document) => document.Id;

    public long VersionOf(DeclinedPayment document) => document.Version;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeclinedPayment))]
internal sealed partial class RecipeJson : JsonSerializerContext;
