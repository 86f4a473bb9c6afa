using Orders.Contracts;
using Orders.Web;

namespace Orders.Api.PlacingAnOrder;

/// <summary>What an order may look like: the limits of the OpenAPI document, and the rules that hold requests to them.</summary>
internal static class PlaceOrderLimits
{
    public const int MaxId = 64;
    public const int MaxEmail = 254; // RFC 5321: the longest path is 256 with its angle brackets
    public const int MaxPaymentToken = 128;
    public const int MaxName = 200;
    public const int MaxCity = 100;
    public const int MaxPostalCode = 20;
    public const int MaxLines = 100;
    public const int MaxQuantity = 10_000;
    public const int MaxUnitPrice = 1_000_000;

    /// <summary>Keeps every amount, with tax and three decimals, within the 15 digits a JSON number carries through any store.</summary>
    public const long MaxSubtotal = 1_000_000_000;

    // Customers and products are documents of their own. Four of these characters cannot be in a document's id, the SDK does not escape the percent sign,
    // and one or two dots alone are a step in the address of a document.
    public const string IdPattern = @"^(?!\.\.?$)[!""$&-.0->@-\[\]-~]+$";
    public const string VisiblePattern = "^[!-~]+$";
    public const string CurrencyPattern = "^[A-Z]{3}$";
    public const string CountryPattern = "^[A-Z]{2}$";

    public static readonly TextRule Id = new(MaxId, text =>
        IsVisibleAscii(text) && text.IndexOfAny(['/', '\\', '?', '#', '%']) < 0 && text is not ("." or "..")
        ? null
        : @"Must consist of visible ASCII characters other than / \ ? # and %, and not be . or ..");

    public static readonly TextRule Email = new(MaxEmail, text => EmailAddress.IsValid(text) ? null : "Must be an e-mail address such as ada@example.org.");

    public static readonly TextRule Currency = new(3, text => Iso4217.TryGetDecimals(text, out _)
        ? null
        : "Must be a currency of ISO 4217 in upper case, such as USD.");

    public static readonly TextRule Country = new(2, text => Iso3166.IsCountry(text)
        ? null
        : "Must be a country of ISO 3166-1 alpha-2 in upper case, such as US.");

    public static readonly TextRule PaymentToken = new(MaxPaymentToken, text => IsVisibleAscii(text)
        ? null
        : "Must consist of visible ASCII characters.");

    public static readonly TextRule Name = new(MaxName);
    public static readonly TextRule City = new(MaxCity);
    public static readonly TextRule PostalCode = new(MaxPostalCode);

    public static bool IsVisibleAscii(string text) => text.All(c => c is >= '!' and <= '~');
}
