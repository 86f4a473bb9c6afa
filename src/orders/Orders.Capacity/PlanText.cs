using System.Globalization;
using System.Text;

namespace Orders.Capacity;

/// <summary>A plan in words and columns.</summary>
internal static class PlanText
{
    public static string Of(SystemProfile profile, Plan plan, Prices prices)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        Line($"{plan.Demand.OrdersPerSecond:#,0.###} orders/s on average, {plan.Demand.OrdersPerSecond * plan.Demand.Peak:#,0.###} at the peak, kept {plan.Demand.KeepDays} days.");
        Line($"Measured: {profile.Measured}.");
        Line($"");
        Line($"Request units   {plan.Units.Total,14:#,0} RU/s on average, {plan.PeakUnits:#,0} at the peak");
        foreach (var (what, units) in new[]
        {
            ("orders", plan.Units.Orders), ("reading events", plan.Units.Feed), ("empty reads", plan.Units.Polls),
            ("checkpoints", plan.Units.Checkpoints), ("at rest", plan.Units.Rest),
        })
            Line($"  {what,-14}{units,14:#,0}");
        Line($"Storage         {plan.GigabytesPerDay,14:#,0.0} GB a day, {plan.Gigabytes:#,0} GB in the end");
        Line($"");
        Line($"{"Container",-22}{"RU/s at the peak",18}{"GB",12}{"partitions",12}");
        foreach (var container in plan.Containers)
            Line($"{container.Name,-22}{container.PeakUnits,18:#,0}{container.Gigabytes,12:#,0}{container.Partitions,12:#,0}");
        Line($"");
        Line($"{"Service",-22}{"replicas",10}");
        foreach (var service in plan.Services)
            Line($"{service.Name,-22}{service.Replicas,10:#,0}");
        Line($"");
        Line($"A month: autoscale {prices.AutoscaleMonth(plan):#,0} USD, or serverless {prices.ServerlessMonth(plan):#,0} USD; storage {prices.StorageMonth(plan):#,0} USD in the end.");
        foreach (var limit in plan.Limits)
            Line($"! {limit}");
        return text.ToString();
    }
}
