using Microsoft.Extensions.Primitives;
using Orders.Web;

namespace Orders.Api.PlacingAnOrder;

/// <summary>What a client sends with a request to make its retries the same request.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    /// <summary>Reads the header; null when there is none.</summary>
    /// <exception cref="InvalidRequestException">It is there and is no key.</exception>
    public static string? Read(StringValues header) => header.Count switch
    {
        0 => null,
        1 when header[0] is { Length: >= 1 and <= MaxLength } key && PlaceOrderLimits.IsVisibleAscii(key) => key,
        _ => throw InvalidRequestException.Of(Header, $"Must be one text of 1 to {MaxLength} visible ASCII characters."),
    };
}
