using Orders.Shopper;
using Orders.Web;

namespace Orders.CustomerCare.Shopping;

/// <summary>How often an order is placed, the same for the API and for the page's form.</summary>
internal static class ShoppingRate
{
    public const int MaxLength = 12;

    public static TextRule Rule { get; } = new(
        MaxLength, text => OrderRate.TryParse(text, out _) ? null : $"Must be {OrderRate.Rule}.");

    /// <exception cref="InvalidRequestException">There is none, or it is none.</exception>
    public static OrderRate Required(string? given)
    {
        var text = Rule.Clean(given ?? "");
        if (Rule.Problem(text) is { } problem)
            throw InvalidRequestException.Of("rate", problem);
        return OrderRate.TryParse(text, out var rate) ? rate : throw new InvalidOperationException($"'{text}' follows the rule and is no rate.");
    }
}
