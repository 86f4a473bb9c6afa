using Orders.CustomerCare.Costs;
using Orders.Hosting.Usage;

namespace Orders.CustomerCare.Tests.Costs;

public sealed class CostsReaderTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 14, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(6);

    [Fact]
    public void Reports_of_all_instances_are_added_up_and_divided_among_the_spans_they_reach_over()
    {
        var costs = CostsReader.Of(
            [
                Report("tax", 0, 6, 360), Report("tax", 3, 9, 720), // two instances
                Report("views", 354, 366, 7200), // half of it in the future of the picture
            ],
            From, Span);

        costs.Services.Select(service => service.Name).ShouldBe(["views", "tax"]);
        costs.Services[1].PerSecond.Take(3).ShouldBe([2, 1, 0]);
        (costs.Services[1].RequestUnits, costs.Services[0].RequestUnits).ShouldBe((1080, 3600));
        costs.Services[0].PerSecond[^1].ShouldBe(10);
        costs.RequestUnits.ShouldBe(4680);
    }

    [Fact]
    public void The_average_begins_with_the_first_report() =>
        CostsReader.Of([Report("tax", 359, 360, 60)], From, Span).RequestUnitsPerSecond.ShouldBe(1);

    [Fact]
    public void Without_reports_nothing_was_used()
    {
        var costs = CostsReader.Of([], From, Span);
        costs.Services.ShouldBeEmpty();
        (costs.RequestUnits, costs.RequestUnitsPerSecond).ShouldBe((0, 0));
    }

    private static UsageDocument Report(string service, double fromMinute, double toMinute, double units) =>
        new($"{service}-{fromMinute}", service, From.AddMinutes(fromMinute), From.AddMinutes(toMinute), units);
}
