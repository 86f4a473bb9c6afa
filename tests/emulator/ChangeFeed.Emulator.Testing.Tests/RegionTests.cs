using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Testing.Tests.TwoRegions;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>What a client sees of the regions of an account while nothing is lost.</summary>
public sealed class RegionTests
{
    [Fact]
    public async Task Reads_go_to_the_preferred_region_and_writes_to_the_one_that_is_written_to()
    {
        await using var regions = await StartAsync();
        (await regions.AskedAsync(() => WriteAsync(regions.East, "1"))).ShouldBe(["west"]);
        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "1"));

        (await regions.AskedAsync(() => regions.East.ReadItemAsync<Order>("1", new("ada")))).ShouldBe(["east"]);
        (await regions.AskedAsync(() => regions.West.ReadItemAsync<Order>("1", new("ada")))).ShouldBe(["west"]);
    }

    [Fact]
    public async Task What_is_written_arrives_after_the_lag()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        await WriteAsync(regions.West, "1");
        (await HasAsync(regions.Only("east"), "1")).ShouldBeFalse();

        await regions.Cosmos.Regions.SetLagAsync(TimeSpan.Zero);

        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "1"));
    }

    [Fact]
    public async Task A_session_reads_its_own_write_although_its_region_lags()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        await WriteAsync(regions.East, "1");

        // The region says 404/1002, so the SDK asks the write region.
        (await regions.AskedAsync(() => regions.East.ReadItemAsync<Order>("1", new("ada")))).ShouldBe(["east", "west"]);
    }

    [Fact]
    public async Task A_region_that_lags_refuses_a_session_that_has_seen_more()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        var written = await WriteAsync(regions.West, "1");
        written.Headers.Session.ShouldMatch("^0:0#[0-9]+#1=[0-9]+$");

        var refused = await Should.ThrowAsync<CosmosException>(
            () => regions.Only("east").ReadItemAsync<Order>("1", new("ada"), new() { SessionToken = written.Headers.Session }));

        (refused.StatusCode, refused.SubStatusCode).ShouldBe((HttpStatusCode.NotFound, 1002));
    }

    [Fact]
    public async Task A_region_that_is_not_written_to_refuses_a_write()
    {
        await using var regions = await StartAsync();
        var refused = await Should.ThrowAsync<CosmosException>(() => WriteAsync(regions.Only("east"), "1"));
        (refused.StatusCode, refused.SubStatusCode).ShouldBe((HttpStatusCode.Forbidden, 3));
    }

    [Fact]
    public async Task A_container_is_in_every_region_once_it_is_made_whatever_the_lag()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SetLagAsync(Never);
        Container made = await regions.West.Database.CreateContainerAsync("more", "/customer");
        (await regions.Only("east").Database.GetContainer(made.Id).ReadContainerAsync()).Resource.PartitionKeyPath.ShouldBe("/customer");
    }

    [Fact]
    public async Task A_region_that_is_split_off_answers_what_it_has_and_catches_up_when_it_is_healed()
    {
        await using var regions = await StartAsync();
        await regions.Cosmos.Regions.SplitAsync("east");
        await WriteAsync(regions.West, "1");
        (await HasAsync(regions.Only("east"), "1")).ShouldBeFalse();

        await regions.Cosmos.Regions.HealAsync("east");

        await Eventually.UntilAsync(async () => await HasAsync(regions.Only("east"), "1"));
    }

    [Fact]
    public async Task A_partition_that_is_split_is_split_in_every_region()
    {
        await using var regions = await StartAsync();
        await WriteAsync(regions.East, "1");
        await regions.Cosmos.SplitAsync(regions.West);
        await WriteAsync(regions.East, "2");
        await Eventually.UntilAsync(async () => await HasAsync(regions.East, "1") && await HasAsync(regions.East, "2"));
        (await regions.Only("east").GetFeedRangesAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_of_regions_that_makes_no_sense_is_refused_in_a_sentence()
    {
        await using var regions = await StartAsync();
        var say = regions.Cosmos.Regions;
        await Says(say.SplitAsync("west"), "'west' is the write region; split off a region that follows.");
        await Says(say.HealAsync("east"), "'east' is not split off.");
        await Says(say.RecoverAsync("east"), "'east' is not lost.");
        await Says(say.PromoteAsync("west"), "'west' is the write region already.");
        await Says(say.LoseAsync("north"), "Resource Not Found. There is no region 'north'; there are west, east.");
        await Says(say.SetLagAsync(TimeSpan.FromMilliseconds(-1)), "'milliseconds' is -1; it must be a whole number from 0 to 3600000.");
        await say.LoseAsync("east");
        await Says(say.LoseAsync("west"), "'west' is the last region that is left; recover another first.");

        static async Task Says(Task refused, string sentence) =>
            (await Should.ThrowAsync<InvalidOperationException>(refused)).Message.ShouldBe(sentence);
    }
}
