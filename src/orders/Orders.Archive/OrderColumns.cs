using ChangeFeed.DeltaLake;
using ChangeFeed.Sinks;
using Orders.Contracts;

namespace Orders.Archive;

/// <summary>
/// What queries ask for most, taken out of the events. The total stands in the one event that says it, the tax calculation, and money that moves
/// in a column of its own: so a sum counts each order once. None of it is personal.
/// </summary>
/// <param name="CustomerId">Whose order it is.</param>
/// <param name="Country">Where it goes, ISO 3166-1 alpha-2.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Total">What the customer owes, with tax.</param>
/// <param name="Amount">What was captured, declined or refunded.</param>
internal sealed record OrderColumns(string? CustomerId, string? Country, string? Currency, decimal? Total, decimal? Amount)
{
    private const int Precision = 28;
    private const int Scale = 4;

    private static readonly decimal TooMuch = (decimal)Math.Pow(10, Precision - Scale);

    /// <summary>The type of columns of money.</summary>
    public static string MoneyType { get; } = DeltaTypes.Decimal(Precision, Scale);

    /// <summary>Takes them out of an event.</summary>
    /// <exception cref="SinkRefusedException">Money that the column cannot hold.</exception>
    public static OrderColumns Of(object data) => data switch
    {
        OrderPlaced e => new OrderColumns(e.CustomerId, e.ShipTo.Country, e.Currency, null, null),
        TaxCalculated e => new OrderColumns(null, e.Jurisdiction.Split('-')[0], e.Currency, Money(e.Total), null),
        PaymentCaptured e => new OrderColumns(null, null, e.Currency, null, Money(e.Amount)),
        PaymentDeclined e => new OrderColumns(null, null, e.Currency, null, Money(e.Amount)),
        PaymentRefunded e => new OrderColumns(null, null, e.Currency, null, Money(e.Amount)),
        _ => new OrderColumns(null, null, null, null, null),
    };

    private static decimal Money(decimal amount) => decimal.Round(amount, Scale) == amount && Math.Abs(amount) < TooMuch
        ? amount
        : throw new SinkRefusedException(FormattableString.Invariant($"{amount} has more than {Scale} places, or is too much, for a column of {MoneyType}."));
}
