using System.Globalization;
using System.Text;

namespace Orders.Capacity;

/// <summary>From 1 order a second to a million, by factors of ten, and the first rate at which each limit is met.</summary>
internal static class GrowthText
{
    private const double Most = 1_000_000;
    private const double FineStep = 1.05;

    public static string Of(SystemProfile profile, Demand demand, Prices prices)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        Line($"{"orders/s",12}{"RU/s",16}{"at the peak",16}{"partitions",12}{"replicas",10}{"GB a day",14}{"autoscale",16}{"serverless",16}");
        for (var rate = 1d; rate <= Most; rate *= 10)
        {
            var plan = CapacityModel.Of(profile, demand with { OrdersPerSecond = rate });
            Line($"{rate,12:#,0}{plan.Units.Total,16:#,0}{plan.PeakUnits,16:#,0}{plan.Partitions,12:#,0}{plan.Services.Sum(service => service.Replicas),10:#,0}{plan.GigabytesPerDay,14:#,0.0}{prices.AutoscaleMonth(plan),16:#,0}{prices.ServerlessMonth(plan),16:#,0}");
        }

        Line($"");
        Line($"Partitions are those of the events; prices are US dollars a month without storage.");
        foreach (var (rate, what) in Bends(profile, demand))
            Line($"{rate,12:#,0} orders/s: {what}");
        return text.ToString();
    }

    /// <summary>The rates at which something changes: partitions split, a limit is met.</summary>
    internal static IEnumerable<(double OrdersPerSecond, string What)> Bends(SystemProfile profile, Demand demand)
    {
        var (partitions, met) = (1, new HashSet<string>());
        for (var rate = 1d; rate <= Most; rate *= FineStep)
        {
            var plan = CapacityModel.Of(profile, demand with { OrdersPerSecond = rate });
            if (partitions == 1 && plan.Partitions > 1)
                yield return (rate, "the events are split for the first time; each further partition adds polls, checkpoints and renewals.");
            partitions = plan.Partitions;
            foreach (var limit in plan.Limits)
                if (met.Add(limit.Split(' ')[0] + limit.Contains("customer", StringComparison.Ordinal)))
                    yield return (rate, limit);
        }
    }
}
