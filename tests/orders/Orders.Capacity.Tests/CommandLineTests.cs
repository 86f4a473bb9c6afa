namespace Orders.Capacity.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_are_read()
    {
        var line = CommandLine.Parse(["growth", "--orders", "12.5", "--peak", "2", "--more-consumers", "3", "--serverless", "0.3"]);
        line.Grows.ShouldBeTrue();
        (line.Demand.OrdersPerSecond, line.Demand.Peak, line.Demand.MoreConsumers, line.Prices.Serverless).ShouldBe((12.5, 2, 3, 0.3m));
    }

    [Theory]
    [InlineData("--orders", "many", "--orders is 'many': it must be a number from 0.001 to 10,000,000.")]
    [InlineData("--orders", "NaN", "--orders is 'NaN'")]
    [InlineData("--partitions", "0", "--partitions is '0': it must be a whole number from 1")]
    [InlineData("--colour", "red", "'--colour' is no option")]
    [InlineData("--profile", "/no/such/file", "--profile '/no/such/file' is no profile")]
    public void What_is_wrong_is_named(string name, string value, string message)
    {
        var error = Should.Throw<CapacityException>(() =>
        {
            var line = CommandLine.Parse([name, value]);
            _ = line.Profile is { } file ? SystemProfile.Load(file) : SystemProfile.Load();
        });
        error.Message.ShouldStartWith(message);
    }

    [Fact]
    public void An_option_without_a_value_is_named() =>
        Should.Throw<CapacityException>(() => CommandLine.Parse(["--orders"])).Message.ShouldStartWith("--orders needs a value");

    [Fact]
    public void The_profile_of_this_build_gives_a_plan_for_every_rate()
    {
        var profile = SystemProfile.Load();
        foreach (var orders in new[] { 0.01, 1, 100, 10_000, 1_000_000 })
            PlanText.Of(profile, CapacityModel.Of(profile, new Demand { OrdersPerSecond = orders }), Prices.Default).ShouldContain("RU/s on average");
    }
}
