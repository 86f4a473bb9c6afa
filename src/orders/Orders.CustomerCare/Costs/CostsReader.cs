using System.ComponentModel;
using Orders.Hosting.Usage;

namespace Orders.CustomerCare.Costs;

/// <summary>What the services have used of the store in the last hours.</summary>
public sealed record CostsAnswer(
    [property: Description("When the first span begins.")] DateTimeOffset From,
    [property: Description("Length of a span.")] int SpanSeconds,
    [property: Description("Request units of all services together.")] double RequestUnits,
    [property: Description("The same per second.")] double RequestUnitsPerSecond,
    [property: Description("The services, the dearest first.")] IReadOnlyList<ServiceCost> Services);

/// <summary>What a service has used.</summary>
public sealed record ServiceCost(
    [property: Description("The service.")] string Name,
    [property: Description("Request units of all its instances.")] double RequestUnits,
    [property: Description("The same per second, span by span.")] IReadOnlyList<double> PerSecond);

/// <summary>Adds up what the processes say they have used.</summary>
internal sealed class CostsReader(UsageReader usage, TimeProvider time)
{
    public const int MostHours = 24;
    public const int UsualHours = 6;
    public const int Spans = 60;

    public async Task<CostsAnswer> ReadAsync(int hours, CancellationToken cancellationToken)
    {
        var span = TimeSpan.FromHours(hours) / Spans;
        var to = time.GetUtcNow();
        var from = to - span * Spans;
        var reports = await usage.SinceAsync(from, cancellationToken);
        return Of(reports, from, span);
    }

    /// <summary>The reports in spans; one that reaches over several is divided among them by time.</summary>
    public static CostsAnswer Of(IReadOnlyList<UsageDocument> reports, DateTimeOffset from, TimeSpan span)
    {
        var services = reports.GroupBy(report => report.Service)
            .Select(service => (
                service.Key,
                PerSpan: Enumerable.Range(0, Spans).Select(i => service.Sum(report => Within(report, from + span * i, span))).ToList()))
            .Select(service => new ServiceCost(
                service.Key, Math.Round(service.PerSpan.Sum(), 2), [.. service.PerSpan.Select(units => Math.Round(units / span.TotalSeconds, 2))]))
            .OrderByDescending(service => service.RequestUnits)
            .ToList();
        var all = services.Sum(service => service.RequestUnits);
        // The first reports may be younger than the first span.
        var since = reports.Count == 0 ? from : Max(from, reports.Min(report => report.From));
        var seconds = (from + span * Spans - since).TotalSeconds;
        return new CostsAnswer(from, (int)span.TotalSeconds, Math.Round(all, 2), Math.Round(all / seconds, 2), services);
    }

    private static double Within(UsageDocument report, DateTimeOffset begin, TimeSpan span)
    {
        var common = Min(report.At, begin + span) - Max(report.From, begin);
        return common <= TimeSpan.Zero ? 0 : report.RequestUnits * (common / (report.At - report.From));
    }

    private static DateTimeOffset Min(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private static DateTimeOffset Max(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
