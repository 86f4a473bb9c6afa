using FsCheck.Xunit;
using Microsoft.Azure.Cosmos;
using ChangeFeed.Emulator;

namespace ChangeFeed.Emulator.Conformance.Tests.Model;

/// <summary>Random sequences of operations, splits, restarts and crashes behave as a small model in memory says.</summary>
public sealed class ModelTests
{
    [Property(MaxTest = 12, EndSize = 60, Arbitrary = [typeof(Steps)], QuietOnSuccess = true)]
    public async Task Random_sequences_behave_as_the_model_says(Step[] steps)
    {
        var directory = Directory.CreateTempSubdirectory("emulator-").FullName;
        try
        {
            await using var run = await ModelRun.Start(directory);
            foreach (var step in steps)
                await run.Do(step);
            await run.CheckEverything();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

/// <summary>The model and the endpoint side by side.</summary>
sealed class ModelRun : IAsyncDisposable
{
    readonly PureModel model = new();
    readonly HashSet<(string, string, int)> delivered = [];
    EmulatorOptions options;
    EmulatorHost host;
    CosmosClient client;
    Container container = null!;
    string? continuation;

    ModelRun(EmulatorOptions options, EmulatorHost host) =>
        (this.options, this.host, client) = (options with { Port = host.Endpoint.Port }, host, Endpoint.Connect(host.ConnectionString));

    public static async Task<ModelRun> Start(string directory)
    {
        var options = new EmulatorOptions { Port = 0, DataDirectory = directory, Partitions = 2 };
        var run = new ModelRun(options, await EmulatorHost.StartAsync(options));
        Database database = await run.client.CreateDatabaseAsync("model");
        run.container = await database.CreateContainerAsync("things", "/pk");
        return run;
    }

    RealContainer Real => new(container, place => etags.GetValueOrDefault(place));

    readonly Dictionary<string, string> etags = [];

    public async Task Do(Step step)
    {
        switch (step)
        {
            case ItemStep item:
                await RememberEtag(item);
                (await Real.Do(item)).ShouldBe(model.Do(item), $"{item}");
                break;
            case Batch batch:
                (await Real.Do(batch)).ShouldBe(model.Do(batch), $"{batch}");
                break;
            case Split split:
                await SplitRange(split.Range);
                break;
            case Restart:
                await host.DisposeAsync();
                host = await EmulatorHost.StartAsync(options);
                break;
            case Crash:
                await RestartFromCrash();
                break;
            case ReadFeed read:
                await ReadOn(read.PageSize);
                break;
        }
    }

    /// <summary>Goes on with the files as they lie while the endpoint runs: what a killed process leaves behind.</summary>
    async Task RestartFromCrash()
    {
        var left = Directory.CreateDirectory(Path.Combine(options.DataDirectory, "crash")).FullName;
        foreach (var file in Directory.EnumerateFiles(options.DataDirectory, "emulator.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(left, Path.GetFileName(file)));
        await host.DisposeAsync();
        options = options with { DataDirectory = left };
        host = await EmulatorHost.StartAsync(options);
    }

    async Task RememberEtag(ItemStep step)
    {
        using var read = await container.ReadItemStreamAsync(step.Id, new(step.Key));
        etags[$"{step.Key}/{step.Id}"] = read.Headers.ETag ?? "\"none\"";
    }

    async Task SplitRange(int range)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(host.Endpoint, $"_emulator/containers/model/things/split/{range}"), null);
        // A range that was split before is gone.
        ((int)response.StatusCode).ShouldBeOneOf(200, 410);
    }

    /// <summary>A reader that goes on from its continuation sees the latest version of everything written since, each once.</summary>
    async Task ReadOn(int pageSize)
    {
        var start = continuation is null ? ChangeFeedStartFrom.Beginning() : ChangeFeedStartFrom.ContinuationToken(continuation);
        (var things, continuation) = await Real.ReadFeed(start, pageSize);
        things.Select(thing => (thing.pk, thing.id)).Distinct().Count().ShouldBe(things.Count);
        foreach (var thing in things)
            model.Items[(thing.pk, thing.id)].N.ShouldBe(thing.n);
        var now = model.Items.Select(item => (item.Key.Key, item.Key.Id, item.Value.Written)).ToHashSet();
        now.Where(item => !delivered.Contains(item)).Select(item => (item.Key, item.Id)).Order().ShouldBe(things.Select(thing => (thing.pk, thing.id)).Order());
        delivered.UnionWith(now);
    }

    public async Task CheckEverything()
    {
        await ReadOn(2);
        (await Real.Query()).OrderBy(item => item.Key).ShouldBe(model.Items.ToDictionary(item => (item.Key.Key, item.Key.Id), item => item.Value.N).OrderBy(item => item.Key));
        foreach (var key in model.Items.Keys.Select(place => place.Key).Distinct())
        {
            var (things, _) = await Real.ReadFeed(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new(key))), 2);
            things.Select(thing => (thing.pk, thing.id, thing.n)).ShouldBe(model.Feed.Where(item => item.Key == key));
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
    }
}
