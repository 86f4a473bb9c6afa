using System.Globalization;
using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.TaxAudit;

/// <summary>What is entered in the books.</summary>
public static class TaxAuditDecisions
{
    /// <summary>The tax as it was charged, in the month in which it was calculated.</summary>
    public static TaxAuditRecord Charged(RecordedEvent e, TaxCalculated tax) => Record(e, tax, tax.Subtotal, tax.Tax);

    /// <summary>
    /// The tax that went back, in the month of the refund and with the jurisdiction and rate it was charged by. A refund of a part
    /// gives back the same part of the tax, rounded like the tax itself.
    /// </summary>
    public static TaxAuditRecord Refunded(RecordedEvent e, PaymentRefunded refund, TaxCalculated tax)
    {
        if (!Iso4217.TryGetDecimals(refund.Currency, out var decimals))
            throw new InvalidOperationException($"'{refund.Currency}' is not a currency of ISO 4217 that can be paid with.");
        var share = refund.Amount == tax.Total
            ? tax.Tax
            : decimal.Round(tax.Tax * refund.Amount / tax.Total, decimals, MidpointRounding.AwayFromZero);
        return Record(e, tax, -(refund.Amount - share), -share);
    }

    private static TaxAuditRecord Record(RecordedEvent e, TaxCalculated tax, decimal taxable, decimal taxAmount) => new(
        e.Meta.EventId.ToString(),
        $"{tax.Jurisdiction}_{e.Meta.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)}",
        e.Type,
        e.StreamId,
        e.Version,
        e.Meta.At,
        tax.Jurisdiction,
        tax.Rate,
        tax.RateValidFrom,
        tax.Currency,
        taxable,
        taxAmount);
}
