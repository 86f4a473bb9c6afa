namespace Orders.Capacity.Tests;

public sealed class CapacityModelTests
{
    private static readonly SystemProfile Profile = new()
    {
        Measured = "made up",
        Rates = [1, 4],
        Containers = [new("events", [30, 30], 4_000), new("customer-orders", [20, 10], 1_000)],
        Services = [new("tax", 5, 2), new("views", 5, 8), new("orders-api", 0, 3)],
        UnitsPerCheckpoint = 10,
        CheckpointsPerOrder = [4, 2],
        UnitsAtRest = 20,
        UnitsAtRestPerPartition = 6,
        Readers = 2,
        Endpoints = 3,
    };

    [Fact]
    public void Orders_and_feed_go_with_the_orders_and_the_rest_with_partitions_and_readers()
    {
        Units(1, 1).ShouldBe(new UnitsBySource(Orders: 50, Feed: 10, Polls: 2, Checkpoints: 40, Rest: 20));
        Units(10, 1).ShouldBe(new UnitsBySource(Orders: 400, Feed: 100, Polls: 2, Checkpoints: 80, Rest: 20));
        Units(16, 4).ShouldBe(new UnitsBySource(Orders: 640, Feed: 160, Polls: 8, Checkpoints: 320, Rest: 38));
        CapacityModel.UnitsAt(Profile, Demand(10) with { PollSeconds = 0 }, 10, 4).Polls.ShouldBe(0);
    }

    [Fact]
    public void Checkpoints_are_shared_by_more_orders_the_more_come_in_an_interval()
    {
        Units(0.4, 4).Checkpoints.ShouldBe(16);
        Units(2, 1).Checkpoints.ShouldBe(60, 0.001);
        Units(1000, 4).Checkpoints.ShouldBe(320);
        CapacityModel.UnitsAt(Profile, Demand(1000) with { CheckpointSeconds = 5 }, 1000, 4).Checkpoints.ShouldBe(64);
    }

    [Fact]
    public void Between_the_rates_that_were_measured_it_goes_by_the_logarithm_and_beyond_them_nothing_is_made_up()
    {
        double[] values = [20, 10];
        new[] { 0.01, 1, 2, 4, 100 }.Select(rate => Math.Round(Profile.At(values, rate), 6)).ShouldBe([20, 20, 15, 10, 10]);
    }

    [Theory]
    [InlineData("[1, 1]", "[4, 2]")]
    [InlineData("[0, 1]", "[4, 2]")]
    [InlineData("[1, 4]", "[4]")]
    [InlineData("[]", "[]")]
    public void A_profile_that_lacks_a_value_is_refused(string rates, string checkpoints)
    {
        using var files = new TemporaryDirectory();
        var file = Path.Combine(files.Path, "profile.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(Profile.ToJson())!;
        json["rates"] = System.Text.Json.Nodes.JsonNode.Parse(rates);
        json["checkpointsPerOrder"] = System.Text.Json.Nodes.JsonNode.Parse(checkpoints);
        File.WriteAllText(file, json.ToJsonString());

        Should.Throw<CapacityException>(() => SystemProfile.Load(file)).Message.ShouldContain("rates that rise");
    }

    [Fact]
    public void A_consumer_more_reads_every_event_and_has_leases_of_its_own()
    {
        var units = CapacityModel.UnitsAt(Profile, Demand(10) with { MoreConsumers = 1 }, 10, 1);

        (units.Orders, units.Feed, units.Polls).ShouldBe((400, 150, 3));
        (Math.Round(units.Checkpoints, 1), Math.Round(units.Rest, 1)).ShouldBe((106.7, 26.7));
    }

    [Fact]
    public void Each_region_pays_for_the_writes_and_none_for_the_reads_of_another()
    {
        var units = CapacityModel.UnitsAt(Profile, Demand(10) with { Regions = 2 }, 10, 1);
        (units.Orders, units.Feed, units.Checkpoints).ShouldBe((800, 100, 160));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 2)]
    [InlineData(10_000, 170)]
    public void There_are_as_many_partitions_as_units_or_storage_take(double orders, int atLeast)
    {
        var plan = CapacityModel.Of(Profile, Demand(orders));
        plan.Partitions.ShouldBeGreaterThanOrEqualTo(atLeast);
        var events = plan.Containers.Single(container => container.Name == "events");
        events.Partitions.ShouldBe(plan.Partitions);
        (events.PeakUnits / plan.Partitions).ShouldBeLessThanOrEqualTo(CapacityModel.UnitsOfPartition * 0.7);
        (events.Gigabytes / plan.Partitions).ShouldBeLessThanOrEqualTo(CapacityModel.GigabytesOfPartition * 0.7);
    }

    [Fact]
    public void A_service_that_needs_more_replicas_than_there_are_partitions_is_named()
    {
        var plan = CapacityModel.Of(Profile, Demand(100) with { Partitions = 2 });
        plan.Services.Single(service => service.Name == "views").Replicas.ShouldBe(4);
        plan.Limits.ShouldHaveSingleItem().ShouldStartWith("views needs 4 replicas");
    }

    [Fact]
    public void A_customer_who_is_too_much_for_one_logical_partition_is_told()
    {
        CapacityModel.Of(Profile, Demand(100) with { BusiestCustomer = 0.01 }).Limits.ShouldNotContain(limit => limit.Contains("customer"));
        CapacityModel.Of(Profile, Demand(100_000) with { BusiestCustomer = 0.01 }).Limits.ShouldContain(limit => limit.Contains("30,000 RU/s"));
    }

    [Fact]
    public void Growth_says_at_which_rate_the_events_are_split_first()
    {
        var (rate, _) = GrowthText.Bends(Profile, Demand(1)).Single(bend => bend.What.StartsWith("the events are split", StringComparison.Ordinal));
        CapacityModel.Of(Profile, Demand(rate)).Partitions.ShouldBeGreaterThan(1);
        CapacityModel.Of(Profile, Demand(rate / 1.06)).Partitions.ShouldBe(1);
        GrowthText.Of(Profile, Demand(1), Prices.Default).ShouldContain("1,000,000");
    }

    [Fact]
    public void Serverless_is_paid_by_what_is_used_and_autoscale_by_what_could_be()
    {
        var plan = CapacityModel.Of(Profile, Demand(1));
        Prices.Default.ServerlessMonth(plan).ShouldBe(122 * 730 * 3600 / 1_000_000m * 0.25m);
        Prices.Default.AutoscaleMonth(plan).ShouldBe(2 * 0.012m * 730);
    }

    private static Demand Demand(double orders) => new() { OrdersPerSecond = orders, KeepDays = 1 };

    private static UnitsBySource Units(double orders, int partitions) => CapacityModel.UnitsAt(Profile, Demand(orders), orders, partitions);
}
