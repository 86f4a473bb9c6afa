using ChangeFeed.MassTransit.Health;

namespace ChangeFeed.MassTransit.Tests.Handling;

public sealed class WatchdogTests
{
    [Theory]
    [InlineData(null, 5, 20, "nobody owns partition 2, and 5 transactions wait in it")]
    [InlineData(null, 5, 5, null)] // a takeover may take so long
    [InlineData(null, 0, 1000, null)]
    [InlineData("a", 5, 100, "owned by a and does not move; 5 transactions wait")]
    [InlineData("a", 5, 20, null)]
    [InlineData("a", 0, 1000, null)]
    public void A_partition_that_is_behind_and_stands_still_is_named(string? owner, long behind, int stuckSeconds, string? expected)
    {
        var partition = new PartitionStatus("2", owner, Mine: false, behind, null, TimeSpan.FromSeconds(stuckSeconds));

        var problem = Watchdog.Judge("tax", partition, takeover: TimeSpan.FromSeconds(17), stall: TimeSpan.FromSeconds(60));

        if (expected is null)
            problem.ShouldBeNull();
        else
            problem.ShouldNotBeNull().ShouldContain(expected);
    }
}
