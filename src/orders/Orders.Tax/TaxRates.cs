namespace Orders.Tax;

/// <summary>A rate and where and since when it is in force. Region is null where the country taxes as a whole.</summary>
public sealed record TaxRate(string Country, string? Region, decimal Rate, DateOnly ValidFrom)
{
    /// <summary>Country, or country-region.</summary>
    public string Jurisdiction => Region is null ? Country : $"{Country}-{Region}";
}

/// <summary>The tax rates by place and date.</summary>
public sealed class TaxRates
{
    private readonly Dictionary<(string Country, string? Region), TaxRate[]> _newestFirst;

    public TaxRates(IEnumerable<TaxRate> rates) => _newestFirst = rates
        .GroupBy(rate => (rate.Country, rate.Region))
        .ToDictionary(place => place.Key, place => place.OrderByDescending(rate => rate.ValidFrom).ToArray());

    /// <summary>
    /// The rate in force on a date: the region's own, else the country's. A place without a rate is an export: 0, since ever.
    /// </summary>
    public TaxRate Find(string country, string? region, DateOnly on)
    {
        country = country.Trim().ToUpperInvariant();
        region = string.IsNullOrWhiteSpace(region) ? null : region.Trim().ToUpperInvariant();
        return InForce(country, region, on) ?? InForce(country, null, on) ?? new TaxRate(country, null, 0, DateOnly.MinValue);
    }

    private TaxRate? InForce(string country, string? region, DateOnly on) =>
        _newestFirst.GetValueOrDefault((country, region))?.FirstOrDefault(rate => rate.ValidFrom <= on);
}
