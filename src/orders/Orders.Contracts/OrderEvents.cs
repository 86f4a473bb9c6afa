using System.Text.Json.Serialization;
using ChangeFeed.EventStore;

namespace Orders.Contracts;

/// <summary>Marks the events of an order's stream.</summary>
public interface IOrderEvent;

/// <summary>A customer placed an order. First event of every stream.</summary>
public sealed record OrderPlaced(
    string CustomerId,
    string Email,
    string Currency,
    string PaymentToken,
    Address ShipTo,
    IReadOnlyList<OrderLine> Lines,
    decimal Subtotal) : IOrderEvent;

/// <summary>The tax service worked out what is owed where.</summary>
/// <param name="Jurisdiction">Country, or country-region where the region taxes for itself: <c>US-WA</c>.</param>
/// <param name="Rate">Fraction of the taxable amount: 0.1025 is 10.25 %.</param>
/// <param name="RateValidFrom">The date from which the rate used is in force.</param>
public sealed record TaxCalculated(
    string Jurisdiction,
    decimal Rate,
    DateOnly RateValidFrom,
    string Currency,
    decimal Subtotal,
    decimal Tax,
    decimal Total) : IOrderEvent;

/// <summary>The payment gateway took the money.</summary>
public sealed record PaymentCaptured(string PaymentId, string Currency, decimal Amount) : IOrderEvent;

/// <summary>The payment gateway refused; the order ends here.</summary>
/// <param name="Code">Why, for programs. Since schema 2: see <see cref="Upcasters.PaymentDeclinedTo2"/>.</param>
/// <param name="Reason">Why, in the gateway's words.</param>
public sealed record PaymentDeclined(DeclineCode Code, string Reason, string Currency, decimal Amount) : IOrderEvent;

/// <summary>Why a payment was declined.</summary>
public enum DeclineCode
{
    /// <summary>The gateway gave no reason that this build knows.</summary>
    Unspecified,

    /// <summary>There was not enough money.</summary>
    InsufficientFunds,

    /// <summary>The gateway does not know the means of payment.</summary>
    UnknownToken,
}

/// <summary>The goods are with the carrier; from here on the order cannot be cancelled.</summary>
public sealed record OrderShipped(string Carrier, string TrackingNumber) : IOrderEvent;

/// <summary>The goods cannot be sent; captured money is refunded.</summary>
public sealed record FulfillmentRejected(string Reason, string? Sku = null) : IOrderEvent;

/// <summary>The customer, or an agent on their behalf, withdrew the order before it shipped.</summary>
public sealed record OrderCancelled(string Reason) : IOrderEvent;

/// <summary>The order is paid and was not shipped in time: somebody should look at it.</summary>
/// <param name="Within">How soon after the payment it was to ship.</param>
public sealed record ShipmentOverdue(TimeSpan Within) : IOrderEvent;

/// <summary>An agent asked that the money of a delivered order go back.</summary>
public sealed record RefundRequested(string Reason) : IOrderEvent;

/// <summary>Captured money went back: after a rejection or a cancellation, or because an agent asked for it.</summary>
public sealed record PaymentRefunded(string RefundId, string PaymentId, string Currency, decimal Amount, string Reason) : IOrderEvent;

/// <summary>The customer was told how the order ended.</summary>
/// <param name="Notice">Which of the notices it was; each is sent once, and once more each time an agent asks for it.</param>
/// <param name="Recipient">The address, sealed as in the order: see <see cref="PersonalFields"/>.</param>
/// <param name="MessageId">The Message-ID of the mail, derived from the causing event.</param>
public sealed record CustomerNotified(NoticeKind Notice, string Channel, string Recipient, string Subject, string MessageId) : IOrderEvent;

/// <summary>An agent asked that a notice be sent again.</summary>
public sealed record NotificationRequested(NoticeKind Notice, string Reason) : IOrderEvent;

/// <summary>A notice that could not be sent is due again.</summary>
/// <param name="Attempt">Which of the later attempts it is, from 1.</param>
/// <param name="About">The event the notice is about; gives the mail its identity.</param>
public sealed record NoticeDue(NoticeKind Notice, int Attempt, Guid About) : IOrderEvent;

/// <summary>A notice was due that nobody is there to get any more.</summary>
public sealed record NoticeDropped(NoticeKind Notice, string Reason) : IOrderEvent;

/// <summary>
/// The customer asked to be erased. Their personal data in earlier events cannot be read any more, and what is made of the order's events
/// shows nothing of them and goes away after a while.
/// </summary>
/// <param name="MarkerSeconds">How long views keep the marker that stands for what was there, in seconds.</param>
public sealed record PersonalDataErased(int MarkerSeconds) : IOrderEvent;

/// <summary>What a notice to the customer is about.</summary>
public enum NoticeKind
{
    /// <summary>The order is on its way.</summary>
    Shipped,

    /// <summary>The payment was declined.</summary>
    PaymentDeclined,

    /// <summary>The order could not be fulfilled and the money went back.</summary>
    Rejected,

    /// <summary>The order was cancelled.</summary>
    Cancelled,
}

/// <summary>Where an order goes.</summary>
/// <param name="PostalCode">Empty where the country has none.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record Address(
    string Name, string Line1, string City, string PostalCode, string Country, string? Line2 = null, string? Region = null);

/// <summary>One line of an order.</summary>
/// <param name="UnitPrice">Price of one piece in the order's currency, without tax.</param>
public sealed record OrderLine(string Sku, string Name, int Quantity, decimal UnitPrice);

/// <summary>The registered events of the order's stream.</summary>
public static class OrderEvents
{
    /// <summary>Every event type, its stored name, its schema version and its upcasters.</summary>
    public static EventTypeMap Map { get; } = new EventTypeMap()
        .Add(ContractsJson.Default.OrderPlaced)
        .Add(ContractsJson.Default.TaxCalculated)
        .Add(ContractsJson.Default.PaymentCaptured)
        .Add(ContractsJson.Default.PaymentDeclined, [Upcasters.PaymentDeclinedTo2])
        .Add(ContractsJson.Default.OrderShipped)
        .Add(ContractsJson.Default.FulfillmentRejected)
        .Add(ContractsJson.Default.OrderCancelled)
        .Add(ContractsJson.Default.PaymentRefunded)
        .Add(ContractsJson.Default.CustomerNotified)
        .Add(ContractsJson.Default.RefundRequested)
        .Add(ContractsJson.Default.NotificationRequested)
        .Add(ContractsJson.Default.NoticeDropped)
        .Add(ContractsJson.Default.PersonalDataErased)
        .Add(ContractsJson.Default.ShipmentOverdue)
        .Add(ContractsJson.Default.NoticeDue);
}

/// <summary>Source-generated JSON metadata of the events.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(TaxCalculated))]
[JsonSerializable(typeof(PaymentCaptured))]
[JsonSerializable(typeof(PaymentDeclined))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(FulfillmentRejected))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(PaymentRefunded))]
[JsonSerializable(typeof(CustomerNotified))]
[JsonSerializable(typeof(RefundRequested))]
[JsonSerializable(typeof(NotificationRequested))]
[JsonSerializable(typeof(NoticeDropped))]
[JsonSerializable(typeof(PersonalDataErased))]
[JsonSerializable(typeof(ShipmentOverdue))]
[JsonSerializable(typeof(NoticeDue))]
public sealed partial class ContractsJson : JsonSerializerContext;
