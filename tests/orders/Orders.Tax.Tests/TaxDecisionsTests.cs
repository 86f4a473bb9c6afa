using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Tax.Tests;

public class TaxDecisionsTests
{
    private static readonly TaxRates Rates = TaxRateFile.Parse(File.ReadLines(new TaxOptions().RatesFile));

    private static TaxCalculated Tax(OrderPlaced order)
    {
        var stream = Given(order);
        return TaxDecisions.WhenOrderPlaced(stream.Last, stream.State, Rates).ShouldHaveSingleItem().ShouldBeOfType<TaxCalculated>();
    }

    [Fact]
    public void An_order_to_Seattle_owes_the_tax_of_Washington() =>
        Tax(Placed()).ShouldBe(new TaxCalculated("US-WA", 0.065m, new DateOnly(2020, 1, 1), "USD", 99.80m, 6.49m, 106.29m));

    [Theory]
    [InlineData("US", "OR", "US-OR", "0")]
    [InlineData("US", "CA", "US-CA", "7.25")]
    [InlineData("US", "NY", "US-NY", "4")]
    [InlineData("US", "TX", "US-TX", "6.25")]
    [InlineData("US", null, "US", "0")]
    [InlineData("US", "XX", "US", "0")]
    [InlineData("CA", "QC", "CA-QC", "14.98")]
    [InlineData("CA", null, "CA", "5")]
    [InlineData("DE", "BY", "DE", "19")]
    [InlineData("FI", null, "FI", "25.5")]
    [InlineData("EE", null, "EE", "24")]
    [InlineData("GB", null, "GB", "20")]
    [InlineData("CH", null, "CH", "8.1")]
    [InlineData("NO", null, "NO", "25")]
    [InlineData("AU", "NSW", "AU", "10")]
    [InlineData("NZ", null, "NZ", "15")]
    [InlineData("JP", null, "JP", "10")]
    [InlineData("AQ", null, "AQ", "0")]
    public void The_destination_decides(string country, string? region, string jurisdiction, string taxOnAHundred)
    {
        var tax = Tax(Placed(country: country, region: region, unitPrice: 100, quantity: 1));

        (tax.Jurisdiction, tax.Tax).ShouldBe((jurisdiction, decimal.Parse(taxOnAHundred, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("USD", "0.10", "0.01")] // 0.0065
    [InlineData("USD", "1.00", "0.07")] // 0.065: a half goes away from zero
    [InlineData("JPY", "100", "7")] // 6.5
    [InlineData("JPY", "99", "6")] // 6.435
    [InlineData("KWD", "0.100", "0.007")] // 0.0065
    [InlineData("USD", "0", "0")]
    public void Tax_is_rounded_once_to_the_decimals_of_the_currency(string currency, string subtotal, string tax)
    {
        var amount = decimal.Parse(subtotal, System.Globalization.CultureInfo.InvariantCulture);

        var result = Tax(Placed(currency: currency, unitPrice: amount, quantity: 1));

        result.Tax.ShouldBe(decimal.Parse(tax, System.Globalization.CultureInfo.InvariantCulture));
        result.Total.ShouldBe(result.Subtotal + result.Tax);
    }

    [Fact]
    public void An_order_cancelled_meanwhile_is_not_taxed()
    {
        var stream = Given(Placed(), Cancelled());

        TaxDecisions.WhenOrderPlaced(stream.The<OrderPlaced>(), stream.State, Rates).ShouldBeEmpty();
    }

    [Fact]
    public void The_rate_is_the_one_in_force_on_the_day_of_the_order()
    {
        var rates = new TaxRates(
        [
            new TaxRate("DE", null, 0.19m, new DateOnly(2007, 1, 1)),
            new TaxRate("DE", null, 0.16m, new DateOnly(2020, 7, 1)),
            new TaxRate("DE", null, 0.19m, new DateOnly(2021, 1, 1)),
        ]);

        rates.Find("DE", null, new DateOnly(2020, 6, 30)).Rate.ShouldBe(0.19m);
        rates.Find("DE", null, new DateOnly(2020, 7, 1)).Rate.ShouldBe(0.16m);
        rates.Find("DE", null, new DateOnly(2020, 12, 31)).Rate.ShouldBe(0.16m);
        rates.Find("DE", null, new DateOnly(2021, 1, 1)).ShouldBe(new TaxRate("DE", null, 0.19m, new DateOnly(2021, 1, 1)));
        rates.Find("DE", null, new DateOnly(2006, 12, 31)).Rate.ShouldBe(0);
    }

    [Fact]
    public void A_region_is_found_however_it_is_written() =>
        Rates.Find("us", " wa ", new DateOnly(2026, 1, 1)).Jurisdiction.ShouldBe("US-WA");
}
