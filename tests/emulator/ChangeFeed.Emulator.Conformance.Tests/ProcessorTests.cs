using System.Collections.Concurrent;
using ChangeFeed.Emulator;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests;

/// <summary>The SDK's own change feed processor.</summary>
public sealed class ProcessorTests(Endpoint endpoint)
{
    [Fact]
    public async Task Two_hosts_share_the_partitions_and_every_item_is_handled()
    {
        var (container, leases) = (await endpoint.NewContainerAsync(), await endpoint.NewLeasesAsync());
        var first = new ConcurrentBag<Thing>();
        var second = new ConcurrentBag<Thing>();
        var one = Processor(container, leases, "one", first);
        var two = Processor(container, leases, "two", second);
        await one.StartAsync();
        await two.StartAsync();
        await Eventually.UntilAsync(
            async () => (await OwnersAsync(leases)).Values.GroupBy(owner => owner).Select(group => group.Count()).ToArray() is [2, 2],
            "two leases each");

        await WriteAsync(container, 0, 40);
        await Eventually.UntilAsync(() => first.Concat(second).DistinctBy(thing => thing.id).Count() == 40, "all items handled");
        // Who loses a lease reads on until it is told: the other has its share only then.
        var more = 40;
        await Eventually.UntilAsync(async () =>
        {
            await WriteAsync(container, more, more + 8);
            more += 8;
            return !first.IsEmpty && !second.IsEmpty;
        }, "each has handled some");
        await one.StopAsync();
        await two.StopAsync();
        (await OwnersAsync(leases)).Values.ShouldAllBe(owner => owner == null);
    }

    [Fact]
    public async Task A_batch_whose_handler_fails_is_handled_again()
    {
        var (container, leases) = (await endpoint.NewContainerAsync(), await endpoint.NewLeasesAsync());
        var attempts = 0;
        var processor = container.GetChangeFeedProcessorBuilder<Thing>("retry:", (_, _, _) =>
                Interlocked.Increment(ref attempts) < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask)
            .WithInstanceName("one").WithLeaseContainer(leases).WithStartTime(DateTime.MinValue.ToUniversalTime())
            .WithPollInterval(TimeSpan.FromMilliseconds(50))
                .WithLeaseConfiguration(acquireInterval: TimeSpan.FromMilliseconds(300))
                .Build();
        await processor.StartAsync();
        await container.CreateItemAsync(new Thing("1", "a"));
        await Eventually.UntilAsync(() => attempts >= 3, "three attempts");
        await processor.StopAsync();
    }

    [Fact]
    public async Task A_split_loses_and_repeats_nothing()
    {
        var (container, leases) = (await endpoint.NewContainerAsync(), await endpoint.NewLeasesAsync());
        var seen = new ConcurrentBag<Thing>();
        var processor = Processor(container, leases, "one", seen, hold: 5000);
        await processor.StartAsync();
        await WriteAsync(container, 0, 40);
        await Eventually.UntilAsync(() => seen.Count >= 40, "the first items");
        await endpoint.SplitAsync(container, "0");
        await endpoint.SplitAsync(container, "3");
        await WriteAsync(container, 40, 80);
        await Eventually.UntilAsync(() => seen.DistinctBy(thing => thing.id).Count() == 80, "the items after the split");
        await processor.StopAsync();
        seen.Count.ShouldBe(80);
        (await OwnersAsync(leases)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task The_estimator_counts_what_is_not_handled_yet()
    {
        var (container, leases) = (await endpoint.NewContainerAsync(), await endpoint.NewLeasesAsync());
        var seen = new ConcurrentBag<Thing>();
        var processor = Processor(container, leases, "one", seen);
        await processor.StartAsync();
        await WriteAsync(container, 0, 40);
        await Eventually.UntilAsync(() => seen.Count == 40, "the first items");
        await processor.StopAsync();
        (await LagAsync(container, leases)).ShouldBe(0);
        await WriteAsync(container, 40, 70);
        (await LagAsync(container, leases)).ShouldBe(30);
    }

    [Fact]
    public async Task After_a_restart_of_the_endpoint_a_running_processor_goes_on_exactly()
    {
        var directory = Directory.CreateTempSubdirectory("emulator-").FullName;
        try
        {
            var options = new EmulatorOptions { Port = 0, DataDirectory = directory, Partitions = 4 };
            var host = await EmulatorHost.StartAsync(options);
            options = options with { Port = host.Endpoint.Port };
            using var client = Endpoint.Connect(host.ConnectionString);
            Database database = await client.CreateDatabaseAsync("restart");
            Container container = await database.CreateContainerAsync("things", "/pk");
            Container leases = await database.CreateContainerAsync(new ContainerProperties("leases", "/id") { DefaultTimeToLive = -1 });
            var seen = new ConcurrentBag<Thing>();
            var processor = Processor(container, leases, "one", seen, hold: 5000, client: host.ConnectionString);
            await processor.StartAsync();
            await WriteAsync(container, 0, 20);
            await Eventually.UntilAsync(() => seen.Count == 20, "the first items");
            await processor.StopAsync();
            var rid = (await container.ReadContainerAsync()).Resource.SelfLink;

            await host.DisposeAsync();
            host = await EmulatorHost.StartAsync(options);
            (await container.ReadContainerAsync()).Resource.SelfLink.ShouldBe(rid);
            await WriteAsync(container, 20, 40);
            processor = Processor(container, leases, "one", seen, hold: 5000, client: host.ConnectionString);
            await processor.StartAsync();
            await Eventually.UntilAsync(() => seen.Count >= 40, "the items after the restart");
            await WriteAsync(container, 40, 60);
            await Eventually.UntilAsync(() => seen.Count >= 60, "the latest items");
            await processor.StopAsync();
            seen.Count.ShouldBe(60);
            await host.DisposeAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private ChangeFeedProcessor Processor(
        Container container, Container leases, string instance, ConcurrentBag<Thing> seen, int? hold = null, string? client = null)
    {
        var monitored = container;
        if (hold is { } milliseconds)
            monitored = Endpoint
                .Connect(client ?? endpoint.ConnectionString, options => options.CustomHandlers.Add(new LongPoll(milliseconds)))
                .GetContainer(container.Database.Id, container.Id);
        return monitored.GetChangeFeedProcessorBuilder<Thing>("things:", (_, changes, _) =>
            {
                foreach (var change in changes)
                    seen.Add(change);
                return Task.CompletedTask;
            })
            .WithInstanceName(instance).WithLeaseContainer(leases).WithStartTime(DateTime.MinValue.ToUniversalTime())
            .WithPollInterval(TimeSpan.FromMilliseconds(50))
            .WithLeaseConfiguration(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)).Build();
    }

    private static async Task WriteAsync(Container container, int from, int to)
    {
        for (var i = from; i < to; i++)
            await container.CreateItemAsync(new Thing($"{i}", $"k{i}", i));
    }

    private static async Task<Dictionary<string, string?>> OwnersAsync(Container leases)
    {
        using var feed = leases.GetItemQueryIterator<Newtonsoft.Json.Linq.JObject>();
        var owners = new Dictionary<string, string?>();
        while (feed.HasMoreResults)
            foreach (var lease in await feed.ReadNextAsync())
                if (lease["LeaseToken"] is { } token)
                    owners.Add((string)token!, (string?)lease["Owner"]);
        return owners;
    }

    private static async Task<long> LagAsync(Container container, Container leases)
    {
        using var estimator = container.GetChangeFeedEstimator("things:", leases).GetCurrentStateIterator();
        long lag = 0;
        while (estimator.HasMoreResults)
            lag += (await estimator.ReadNextAsync()).Sum(state => state.EstimatedLag);
        return lag;
    }
}
