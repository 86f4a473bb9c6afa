using System.Text.Json.Serialization;

namespace Orders.IntegrationEvents;

/// <summary>
/// What others are told of an order: the data of a CloudEvent. Nothing in it says who somebody is. A contract: once told, its shape stays, and
/// another shape is another type with a later number.
/// </summary>
public interface IIntegrationEvent
{
    /// <summary>The order; also the subject of the CloudEvent.</summary>
    string OrderId { get; }
}

/// <summary>An order was placed.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Currency">ISO 4217 code of every amount.</param>
/// <param name="Subtotal">Sum of the lines, without tax.</param>
/// <param name="Country">Where it goes, ISO 3166-1 alpha-2.</param>
/// <param name="Lines">What was ordered.</param>
public sealed record OrderPlacedV1(string OrderId, string Currency, decimal Subtotal, string Country, IReadOnlyList<OrderedLineV1> Lines) : IIntegrationEvent;

/// <summary>A line of an order.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Quantity">How many pieces.</param>
/// <param name="UnitPrice">The price of one, without tax.</param>
public sealed record OrderedLineV1(string Sku, int Quantity, decimal UnitPrice);

/// <summary>The money for an order was taken.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Currency">ISO 4217 code of the amount.</param>
/// <param name="Amount">What was taken, with tax.</param>
public sealed record OrderPaidV1(string OrderId, string Currency, decimal Amount) : IIntegrationEvent;

/// <summary>The goods are with the carrier.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Carrier">The carrier. Not the number of the shipment, which leads to the recipient.</param>
public sealed record OrderShippedV1(string OrderId, string Carrier) : IIntegrationEvent;

/// <summary>An order ended; nothing but a refund, or the erasure of its customer, follows.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Outcome">How.</param>
public sealed record OrderEndedV1(string OrderId, OrderOutcomeV1 Outcome) : IIntegrationEvent;

/// <summary>How an order ended.</summary>
public enum OrderOutcomeV1
{
    /// <summary>Shipped, and the customer was told.</summary>
    Completed,

    /// <summary>The payment was declined.</summary>
    PaymentDeclined,

    /// <summary>It could not be fulfilled; what was paid goes back.</summary>
    Rejected,

    /// <summary>It was withdrawn; what was paid goes back.</summary>
    Cancelled,
}

/// <summary>The customer of an order was erased: whoever asked for more about the order than is told here has to let go of it.</summary>
/// <param name="OrderId">The order.</param>
public sealed record OrderCustomerErasedV1(string OrderId) : IIntegrationEvent;

/// <summary>Source-generated JSON metadata of the integration events.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderPlacedV1))]
[JsonSerializable(typeof(OrderPaidV1))]
[JsonSerializable(typeof(OrderShippedV1))]
[JsonSerializable(typeof(OrderEndedV1))]
[JsonSerializable(typeof(OrderCustomerErasedV1))]
public sealed partial class IntegrationEventsJson : JsonSerializerContext;
