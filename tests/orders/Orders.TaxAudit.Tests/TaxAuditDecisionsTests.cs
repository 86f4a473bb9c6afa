using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.TaxAudit.Tests;

public class TaxAuditDecisionsTests
{
    [Fact]
    public void Tax_charged_is_entered_under_its_jurisdiction_and_month_with_the_id_of_the_event()
    {
        var e = Given(Placed(), Taxed()).Last;

        TaxAuditDecisions.Charged(e, (TaxCalculated)e.Data).ShouldBe(new TaxAuditRecord(
            e.Meta.EventId.ToString(), "US-WA_2026-03", "TaxCalculated", OrderId, 1, e.Meta.At,
            "US-WA", 0.065m, new DateOnly(2020, 1, 1), "USD", 99.80m, 6.49m));
    }

    [Fact]
    public void A_full_refund_gives_back_exactly_the_tax_that_was_charged()
    {
        var stream = Given(Placed(), Taxed(), Captured(), Cancelled(), Refunded());

        var record = TaxAuditDecisions.Refunded(stream.Last, Refunded(), Taxed());

        (record.Type, record.Version, record.Jurisdiction, record.Taxable, record.Tax).ShouldBe(("PaymentRefunded", 4, "US-WA", -99.80m, -6.49m));
    }

    [Fact]
    public void A_refund_is_entered_in_its_own_month()
    {
        var refund = Given(Placed(), Taxed(), Captured(), Cancelled(), Refunded()).Last;
        var later = refund with { Meta = refund.Meta with { At = new DateTimeOffset(2026, 4, 1, 1, 0, 0, TimeSpan.FromHours(2)) } };

        TaxAuditDecisions.Refunded(later, Refunded(), Taxed()).Period.ShouldBe("US-WA_2026-03", "the month is that of UTC");
        later = refund with { Meta = refund.Meta with { At = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero) } };
        TaxAuditDecisions.Refunded(later, Refunded(), Taxed()).Period.ShouldBe("US-WA_2026-04");
    }

    [Fact]
    public void A_refund_of_a_part_gives_back_the_same_part_of_the_tax()
    {
        var stream = Given(Placed(), Taxed(), Captured(), Cancelled(), Refunded() with { Amount = 53.15m });

        var record = TaxAuditDecisions.Refunded(stream.Last, (PaymentRefunded)stream.Last.Data, Taxed());

        (record.Taxable, record.Tax).ShouldBe((-49.90m, -3.25m));
    }

    [Fact]
    public void A_free_order_has_no_tax_to_give_back()
    {
        var free = Taxed() with { Subtotal = 0, Tax = 0, Total = 0 };
        var stream = Given(Placed(unitPrice: 0), free, Captured() with { Amount = 0 }, Cancelled(), Refunded() with { Amount = 0 });

        TaxAuditDecisions.Refunded(stream.Last, (PaymentRefunded)stream.Last.Data, free).Tax.ShouldBe(0);
    }
}
