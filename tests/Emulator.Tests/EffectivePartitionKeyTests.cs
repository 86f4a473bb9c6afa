using OrderPipeline.Emulator.Resources;

namespace OrderPipeline.Emulator.Tests;

public sealed class EffectivePartitionKeyTests
{
    [Theory]
    [InlineData(1, new[] { "" })]
    [InlineData(4, new[] { "", "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE", "2FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD" })]
    public void The_key_space_is_divided_at_the_boundaries_the_service_uses(int count, string[] minima)
    {
        var ranges = EpkRange.Divide(count);
        ranges.Select(range => range.MinHex).ShouldBe(minima);
        ranges[^1].MaxHex.ShouldBe("FF");
    }
}
