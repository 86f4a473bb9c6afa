using ChangeFeed.Projections.Versions;
using Orders.Api.PlacingAnOrder;
using Orders.Contracts;
using Orders.Domain;
using Orders.Web;

namespace Orders.Api.CustomerOrders;

/// <summary>Which orders of a customer are wanted.</summary>
internal sealed record CustomerOrdersQuery(string CustomerId, OrderStatus? Status, DateTimeOffset? From, DateTimeOffset? To, int Limit, PagePosition? After)
{
    public const int MaxOrders = 100;
    public const int UsualOrders = 25;

    /// <summary>Reads the values of a request.</summary>
    /// <exception cref="InvalidRequestException">One of them is wrong; the message names it.</exception>
    public static CustomerOrdersQuery Parse(string customerId, string? status, string? from, string? to, string? limit, string? continuation)
    {
        if (PlaceOrderLimits.Id.Problem(customerId) is { } problem)
            throw InvalidRequestException.Of("id", problem);
        var query = new CustomerOrdersQuery(
            customerId,
            ParseStatus(status),
            QueryValue.Time("from", from)?.ToUniversalTime(),
            QueryValue.Time("to", to)?.ToUniversalTime(),
            (int)(QueryValue.Whole("limit", limit, least: 1, MaxOrders) ?? UsualOrders),
            After: null);
        if (query.From >= query.To)
            throw InvalidRequestException.Of("to", "Must be later than from.");
        return continuation is null ? query : query with
        {
            After = PagePosition.Parse(continuation, query.Question)
                ?? throw InvalidRequestException.Of(
                    "continuation", "Is not one of this question: send the one of the page before, with the same customer, status, from and to."),
        };
    }

    /// <summary>What a position in the answer belongs to: everything but how many are wanted at a time.</summary>
    public string Question => $"{CustomerId}\n{Status}\n{From:O}\n{To:O}";

    /// <summary>Whether it asks for the latest orders and nothing else, as most do.</summary>
    public bool IsLatest => this is { Status: null, From: null, To: null, After: null, Limit: <= UsualOrders };

    private static OrderStatus? ParseStatus(string? text)
    {
        if (text is null)
            return null;
        return Enum.TryParse<OrderStatus>(text, out var status) && Enum.IsDefined(status) && !char.IsAsciiDigit(text[0])
            ? status
            : throw InvalidRequestException.Of("status", $"Must be one of {string.Join(", ", Enum.GetNames<OrderStatus>())}.");
    }
}
