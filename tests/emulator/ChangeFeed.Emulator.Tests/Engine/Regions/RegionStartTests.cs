using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Engine.Regions;

/// <summary>What regions are after a stop, and after a kill in the middle of what happens to them.</summary>
public sealed class RegionStartTests
{
    private static readonly string[] Arguments = ["--port", "0", "--regions", "west,east", "--replication-lag", "0", "--data"];

    [Fact]
    public async Task A_kill_in_the_middle_of_a_failover_leaves_one_write_region_and_everything_acknowledged_that_had_arrived()
    {
        using var data = new TemporaryDirectory();
        var written = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            await using var emulator = await EmulatorProcess.StartAsync([.. Arguments, data.Path]);
            var before = await RegionsAsync(emulator);
            var writer = before.GetProperty("writeRegion").GetString()!;
            using var client = emulator.Connect();
            Database shop = await client.CreateDatabaseIfNotExistsAsync("shop");
            Container orders = await shop.CreateContainerIfNotExistsAsync("orders", "/customer");
            foreach (var id in written)
                (await orders.ReadItemStreamAsync(id, new("ada"))).IsSuccessStatusCode.ShouldBeTrue($"{id} is there after round {round}");
            foreach (var lost in before.GetProperty("regions").EnumerateArray().Where(region => region.GetProperty("condition").GetString() == "lost"))
                await PostAsync(emulator, lost.GetProperty("name").GetString()!, "recover");

            await orders.CreateItemAsync(new { id = $"{round}", customer = "ada" });
            written.Add($"{round}");
            await Running.EventuallyAsync(async () => await AreEvenAsync(emulator), "both regions have all commits");

            var loss = PostAsync(emulator, writer, "lose");
            await Task.Delay(TimeSpan.FromMilliseconds(round * 8), TestContext.Current.CancellationToken);
            emulator.Kill();
            try
            {
                await loss;
            }
            catch (HttpRequestException)
            {
                // The kill came before the answer.
            }
        }
    }

    [Fact]
    public async Task Which_region_is_written_to_and_what_is_lost_is_known_after_a_start()
    {
        using var data = new TemporaryDirectory();
        await using (var emulator = await EmulatorProcess.StartAsync([.. Arguments, data.Path]))
        {
            await PostAsync(emulator, "west", "lose");
            emulator.Kill();
        }

        await using var again = await EmulatorProcess.StartAsync([.. Arguments, data.Path]);
        var regions = await RegionsAsync(again);
        regions.GetProperty("writeRegion").GetString().ShouldBe("east");
        regions.GetProperty("failovers").GetInt32().ShouldBe(1);
        regions.GetProperty("regions")[0].GetProperty("condition").GetString().ShouldBe("lost");
        await PostAsync(again, "west", "recover");
        await Running.EventuallyAsync(async () => await AreEvenAsync(again), "the region that came back has all commits");
    }

    [Fact]
    public async Task Data_with_regions_is_not_opened_without_them_nor_the_other_way_round()
    {
        using var data = new TemporaryDirectory();
        using var plain = new TemporaryDirectory();
        await using (await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path, Regions = ["west", "east"] }))
        await using (await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = plain.Path }))
        {
        }

        (await Refused(new() { Port = 0, DataDirectory = data.Path })).ShouldBe(
            $"The data in {data.Path} is of the regions west,east; start with --regions west,east, or choose another --data directory.");
        (await Refused(new() { Port = 0, DataDirectory = data.Path, Regions = ["west", "north"] })).ShouldBe(
            $"The data in {data.Path} is of the regions west,east; --regions must name them too, or choose another --data directory.");
        (await Refused(new() { Port = 0, DataDirectory = plain.Path, Regions = ["west", "east"] })).ShouldBe(
            $"The data in {plain.Path} is of an account without regions; start without --regions, or choose another --data directory.");
        (await Refused(new() { Port = 0, InMemory = true, Regions = ["west", "ea/st"] })).ShouldBe(
            "The regions are 'west,ea/st'; they must be 2 to 8 different names, each of letters, digits, spaces and hyphens.");
    }

    [Fact]
    public async Task Ports_of_regions_that_do_not_fit_are_refused()
    {
        (await Refused(new() { Port = 0, InMemory = true, RegionPorts = [9001] })).ShouldBe(
            "--region-ports needs --regions with the regions they are of.");
        (await Refused(new() { Port = 9000, InMemory = true, Regions = ["west", "east"], RegionPorts = [9001, 9000] })).ShouldBe(
            "--region-ports must have another port for each of --regions, none of them that of --port.");
        (await Refused(new() { Port = 65534, InMemory = true, Regions = ["west", "east"] })).ShouldBe(
            "--port is 65534 and leaves no port for each region behind it; choose a lower one, or name them with --region-ports.");
    }

    [Fact]
    public async Task A_region_that_is_added_begins_as_a_copy_of_the_write_region()
    {
        using var data = new TemporaryDirectory();
        await using (var first = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path, Regions = ["west", "east"] }))
        {
            using var client = Connect(first.Endpoint);
            Database shop = await client.CreateDatabaseAsync("shop");
            Container orders = await shop.CreateContainerAsync("orders", "/customer");
            await orders.CreateItemAsync(new { id = "1", customer = "ada" });
        }

        await using var second = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = data.Path, Regions = ["west", "east", "north"] });
        using var north = Connect(second.RegionEndpoints["north"]);
        (await north.GetContainer("shop", "orders").ReadItemStreamAsync("1", new("ada"))).IsSuccessStatusCode.ShouldBeTrue();
    }

    private static CosmosClient Connect(Uri endpoint) => new(
        endpoint.ToString(), EmulatorOptions.WellKnownKey, new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });

    private static async Task<string> Refused(EmulatorOptions options) =>
        (await Should.ThrowAsync<EmulatorStartException>(() => EmulatorHost.StartAsync(options))).Message;

    private static async Task<bool> AreEvenAsync(EmulatorProcess emulator) =>
        (await RegionsAsync(emulator)).GetProperty("regions").EnumerateArray()
            .Select(region => region.TryGetProperty("commits", out var commits) ? commits.GetInt64() : -1).Distinct().Count() == 1;

    private static async Task<JsonElement> RegionsAsync(EmulatorProcess emulator)
    {
        using var http = new HttpClient();
        return await http.GetFromJsonAsync<JsonElement>(new Uri(emulator.Endpoint, "_emulator/regions"));
    }

    private static async Task PostAsync(EmulatorProcess emulator, string region, string what)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(emulator.Endpoint, $"_emulator/regions/{region}/{what}"), null);
        answer.EnsureSuccessStatusCode();
    }
}
