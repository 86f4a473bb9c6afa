namespace Orders.Capacity;

/// <summary>List prices in US dollars, which differ by region and contract: give your own.</summary>
/// <param name="Autoscale">100 RU/s for an hour.</param>
/// <param name="Serverless">A million RU.</param>
/// <param name="Storage">A gigabyte for a month.</param>
internal sealed record Prices(decimal Autoscale, decimal Serverless, decimal Storage)
{
    private const decimal HoursOfMonth = 730;
    private const decimal SecondsOfMonth = HoursOfMonth * 3600;

    /// <summary>What Azure's pages showed for regions in the United States in 2026.</summary>
    public static Prices Default { get; } = new(0.012m, 0.25m, 0.25m);

    /// <summary>
    /// A month of autoscale: each hour is paid by its highest second, taken to be between the average and the peak; a tenth of the peak at least.
    /// </summary>
    public decimal AutoscaleMonth(Plan plan)
    {
        var average = (decimal)Math.Max(plan.Units.Total, plan.PeakUnits / 10);
        return Math.Ceiling((average + (decimal)plan.PeakUnits) / 2 / 100) * Autoscale * HoursOfMonth;
    }

    /// <summary>A month without provisioned throughput.</summary>
    public decimal ServerlessMonth(Plan plan) => (decimal)plan.Units.Total * SecondsOfMonth / 1_000_000 * Serverless;

    /// <summary>A month of storage when all is there that is kept.</summary>
    public decimal StorageMonth(Plan plan) => (decimal)plan.Gigabytes * plan.Demand.Regions * Storage;
}
