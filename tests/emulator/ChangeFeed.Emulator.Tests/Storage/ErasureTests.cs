using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Time.Testing;
using static ChangeFeed.Emulator.Tests.Running;

namespace ChangeFeed.Emulator.Tests.Storage;

/// <summary>What was deleted, replaced or expired is nowhere in the data directory, soon after and for good.</summary>
public sealed class ErasureTests
{
    private const string Marker = "Ada-Lovelace-";

    [Fact]
    public async Task Deleted_replaced_and_expired_is_gone_from_disk_while_the_store_runs()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using (var host = await StartAsync(data, time))
        {
            using var client = Connect(host);
            Database database = await client.CreateDatabaseAsync("d");
            Container container = await database.CreateContainerAsync(new ContainerProperties("c", "/pk")
            {
                DefaultTimeToLive = -1,
                UniqueKeyPolicy = new() { UniqueKeys = { new() { Paths = { "/name" } } } },
            });
            Container dropped = await database.CreateContainerAsync("dropped", "/pk");
            var random = new Random(1);
            var ids = Enumerable.Range(0, 900).Select(i => $"{(i % 3 == 0 ? "kept-" : Marker)}{random.NextInt64():x16}").ToArray();
            await Parallel.ForEachAsync(ids, async (id, stop) => await container.CreateItemAsync(Item(id), null, null, stop));
            await dropped.CreateItemAsync(Item(Marker));
            var replaced = Item("replaced") with { text = Marker };
            await container.CreateItemAsync(replaced);
            FilesWith(data.Path, Marker).ShouldNotBeEmpty();

            foreach (var (id, i) in ids.Select((id, i) => (id, i)).Where(entry => entry.id.StartsWith(Marker, StringComparison.Ordinal)))
            {
                if (i % 3 == 1)
                    await container.DeleteItemAsync<Thing>(id, new(id));
                else
                    await container.UpsertItemAsync(Item(id) with { ttl = 1 });
            }
            await container.ReplaceItemAsync(replaced with { text = "nobody" }, replaced.id, new(replaced.pk));
            await dropped.DeleteContainerAsync();

            await UntilGoneAsync(data, time);
            foreach (var id in ids.Where(id => !id.StartsWith(Marker, StringComparison.Ordinal)))
                (await container.ReadItemAsync<Thing>(id, new(id))).Resource.ShouldBe(Item(id));
        }

        FilesWith(data.Path, Marker).ShouldBeEmpty();
    }

    [Fact]
    public async Task Previous_images_of_deletes_are_gone_from_disk_after_the_retention()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(data, time);
        using var client = Connect(host);
        var container = await WithVersionsAsync(client);
        await container.CreateItemAsync(Item(Marker));
        await container.DeleteItemAsync<Thing>(Marker, new(Marker));

        time.Advance(TimeSpan.FromMinutes(4));
        FilesWith(data.Path, Marker).ShouldNotBeEmpty();
        time.Advance(TimeSpan.FromMinutes(1));

        await UntilGoneAsync(data, time);
    }

    [Fact]
    public async Task Versions_go_with_the_policy_that_kept_them()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(data, time);
        using var client = Connect(host);
        var container = await WithVersionsAsync(client);
        await container.CreateItemAsync(Item(Marker));
        await container.DeleteItemAsync<Thing>(Marker, new(Marker));

        await container.ReplaceContainerAsync(new ContainerProperties(container.Id, "/pk"));

        await UntilGoneAsync(data, time);
    }

    [Fact]
    public async Task What_a_killed_process_left_in_its_log_goes_after_the_next_start()
    {
        using var data = new TemporaryDirectory();
        await using (var killed = await EmulatorProcess.StartAsync("--port", "0", "--data", data.Path))
        {
            using var client = killed.Connect();
            Database database = await client.CreateDatabaseAsync("d");
            Container container = await database.CreateContainerAsync("c", "/pk");
            await container.CreateItemAsync(Item(Marker));
            await container.DeleteItemAsync<Thing>(Marker, new(Marker));
            killed.Kill();
        }
        FilesWith(data.Path, Marker).ShouldNotBeEmpty();

        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await StartAsync(data, time);
        await UntilGoneAsync(data, time);
    }

    [Fact]
    public async Task Only_their_owner_may_read_the_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such modes there.");
        using var data = new TemporaryDirectory();
        var directory = data.File("made/by/the/store");
        var before = data.File("made-by-others");
        Directory.CreateDirectory(before);
        await File.WriteAllBytesAsync(Path.Combine(before, "emulator.db"), []);
        foreach (var path in (string[])[directory, before])
        {
            await using var host = await EmulatorHost.StartAsync(new() { Port = 0, DataDirectory = path });
            using var client = Connect(host);
            await client.CreateDatabaseAsync("d");

            var files = Directory.GetFiles(path);
            files.Select(Path.GetFileName).ShouldBe(
                ["emulator.acknowledged", "emulator.db", "emulator.db-shm", "emulator.db-wal", "emulator.lock"], ignoreOrder: true);
#pragma warning disable CA1416 // Skipped where there are none.
            foreach (var file in files)
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
        File.GetUnixFileMode(directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
    }

    private static async Task UntilGoneAsync(TemporaryDirectory data, FakeTimeProvider time)
    {
        // Five seconds until the log is emptied, one until a sweep does it where nobody writes, one for what expires.
        for (var second = 0; second < 10; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            // A turn of the sweep.
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        await EventuallyAsync(() => Task.FromResult(FilesWith(data.Path, Marker).Length == 0), "nothing of it is on disk");
    }

    private static Task<EmulatorHost> StartAsync(TemporaryDirectory data, FakeTimeProvider time) => EmulatorHost.StartAsync(
        new EmulatorOptions { Port = 0, DataDirectory = data.Path }, time, TestContext.Current.CancellationToken);

    private static CosmosClient Connect(EmulatorHost host) =>
        new(host.ConnectionString, new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });

    private static async Task<Container> WithVersionsAsync(CosmosClient client)
    {
        Database database = await client.CreateDatabaseAsync("d");
        var policy = new ChangeFeedPolicy { FullFidelityRetention = TimeSpan.FromMinutes(5) };
        return await database.CreateContainerAsync(new ContainerProperties("c", "/pk") { ChangeFeedPolicy = policy });
    }

    private static Thing Item(string id) => new(id, id, id, string.Concat(Enumerable.Repeat(id, 1 + Math.Abs(id[^1] * 7 % 150))));

    private sealed record Thing(
        string id, string pk, string name, string text,
        [property: Newtonsoft.Json.JsonProperty(NullValueHandling = Newtonsoft.Json.NullValueHandling.Ignore)] int? ttl = null);
}
