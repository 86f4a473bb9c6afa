using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Orders.Contracts;
using Orders.Web;
using static Orders.Api.PlacingAnOrder.PlaceOrderLimits;

namespace Orders.Api.PlacingAnOrder;

/// <summary>The body of POST /orders. The attributes tell the OpenAPI document what <see cref="Read"/> checks.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
[Description("An order. Fields that are not listed here are refused.")]
internal sealed record PlaceOrderRequest : IJsonRequest<PlaceOrderRequest>
{
    [Description("Who orders. Visible ASCII characters other than / \\ ? # and %, not . or .. alone."), StringLength(MaxId, MinimumLength = 1),
        RegularExpression(IdPattern)]
    public required string CustomerId { get; init; }

    [Description("Where notices about the order go."), StringLength(MaxEmail, MinimumLength = 3)]
    public required string Email { get; init; }

    [Description("ISO 4217 code of every price in the order."), StringLength(3, MinimumLength = 3), RegularExpression(CurrencyPattern)]
    public required string Currency { get; init; }

    [Description("What the payment gateway knows the customer's means of payment by."), StringLength(MaxPaymentToken, MinimumLength = 1),
        RegularExpression(VisiblePattern)]
    public required string PaymentToken { get; init; }

    [Description("Where the goods go.")]
    public required ShipTo ShipTo { get; init; }

    [Description("What is ordered. The sum of all lines must not exceed 1,000,000,000."), Length(1, MaxLines)]
    public required IReadOnlyList<Line> Lines { get; init; }

    public static PlaceOrderRequest Read(JsonFields fields)
    {
        var currency = fields.Text("currency", PlaceOrderLimits.Currency);
        int? decimals = Iso4217.TryGetDecimals(currency, out var known) ? known : null;
        var request = new PlaceOrderRequest
        {
            CustomerId = fields.Text("customerId", Id),
            Email = fields.Text("email", PlaceOrderLimits.Email),
            Currency = currency,
            PaymentToken = fields.Text("paymentToken", PlaceOrderLimits.PaymentToken),
            ShipTo = fields.Object("shipTo", ShipTo.Read)!,
            Lines = fields.List("lines", 1, MaxLines, line => Line.Read(line, currency, decimals)),
        };
        if (request.Subtotal > MaxSubtotal)
            fields.Errors.Add(fields.PathOf("lines"), $"Must not add up to more than {MaxSubtotal} {currency}.");
        return request;
    }

    [JsonIgnore]
    public decimal Subtotal => Lines.Sum(line => line.Quantity * line.UnitPrice);
}

/// <summary>Where the goods go.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ShipTo
{
    [Description("Who receives it."), StringLength(MaxName, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("Street and number."), StringLength(MaxName, MinimumLength = 1)]
    public required string Line1 { get; init; }

    [Description("What the first line had no room for."), StringLength(MaxName, MinimumLength = 1)]
    public string? Line2 { get; init; }

    [StringLength(MaxCity, MinimumLength = 1)]
    public required string City { get; init; }

    [Description("State or province where addresses have one; taxes of some countries depend on it."), StringLength(MaxCity, MinimumLength = 1)]
    public string? Region { get; init; }

    [Description("May be left out where the country has none, such as AE and HK."), StringLength(MaxPostalCode, MinimumLength = 1)]
    public string? PostalCode { get; init; }

    [Description("ISO 3166-1 alpha-2 code."), StringLength(2, MinimumLength = 2), RegularExpression(CountryPattern)]
    public required string Country { get; init; }

    public static ShipTo Read(JsonFields fields)
    {
        var shipTo = new ShipTo
        {
            Name = fields.Text("name", PlaceOrderLimits.Name),
            Line1 = fields.Text("line1", PlaceOrderLimits.Name),
            Line2 = fields.OptionalText("line2", PlaceOrderLimits.Name),
            City = fields.Text("city", PlaceOrderLimits.City),
            Region = fields.OptionalText("region", PlaceOrderLimits.City),
            PostalCode = fields.OptionalText("postalCode", PlaceOrderLimits.PostalCode),
            Country = fields.Text("country", PlaceOrderLimits.Country),
        };
        if (shipTo.PostalCode is null && PostalCodes.AreNeededIn(shipTo.Country))
            fields.Errors.Add(fields.PathOf("postalCode"), "Is required.");
        return shipTo;
    }
}

/// <summary>One line of an order.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Line
{
    [Description("Stock keeping unit. Visible ASCII characters other than / \\ ? # and %, not . or .. alone."), StringLength(MaxId, MinimumLength = 1),
        RegularExpression(IdPattern)]
    public required string Sku { get; init; }

    [Description("What the customer knows it as."), StringLength(MaxName, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("How many pieces."), Range(1, MaxQuantity)]
    public required int Quantity { get; init; }

    [Description("Price of one piece without tax, with at most as many decimals as the currency has."), Range(0, MaxUnitPrice)]
    public required decimal UnitPrice { get; init; }

    public static Line Read(JsonFields fields, string currency, int? decimals) => new()
    {
        Sku = fields.Text("sku", Id),
        Name = fields.Text("name", PlaceOrderLimits.Name),
        Quantity = fields.Whole("quantity", 1, MaxQuantity),
        UnitPrice = fields.Number("unitPrice", 0, MaxUnitPrice, decimals, $" in {currency}"),
    };
}
