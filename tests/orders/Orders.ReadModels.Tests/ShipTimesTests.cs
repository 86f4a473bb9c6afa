using Orders.Contracts;
using Orders.ReadModels.Statistics;

namespace Orders.ReadModels.Tests;

public sealed class ShipTimesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(81.3)]
    [InlineData(999_999)]
    [InlineData(86_400_000.0 * 30)]
    public void A_time_is_read_back_within_five_percent(double milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);

        var median = ShipTimes.Median([(ShipTimes.ClassOf(time), 7)])!.Value;

        median.TotalMilliseconds.ShouldBe(milliseconds, milliseconds * 0.05);
    }

    [Fact]
    public void Half_of_the_times_are_longer()
    {
        var classes = new[] { 10.0, 20, 30, 4000, 5000 }.Select(ms => (ShipTimes.ClassOf(TimeSpan.FromMilliseconds(ms)), 1L));

        ShipTimes.Median(classes)!.Value.TotalMilliseconds.ShouldBe(30, 1.5);
        ShipTimes.Median([]).ShouldBeNull();
        ShipTimes.ClassOf(TimeSpan.FromSeconds(-1)).ShouldBe(0);
    }
}
