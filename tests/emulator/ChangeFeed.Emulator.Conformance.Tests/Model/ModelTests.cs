using ChangeFeed.Emulator;
using FsCheck.Xunit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Model;

/// <summary>Random sequences of operations, splits, restarts and crashes behave as a small model in memory says.</summary>
public sealed class ModelTests
{
    [Property(MaxTest = 12, EndSize = 60, Arbitrary = [typeof(Steps)], QuietOnSuccess = true)]
    public async Task Random_sequences_behave_as_the_model_saysAsync(Step[] steps)
    {
        var directory = Directory.CreateTempSubdirectory("emulator-").FullName;
        try
        {
            await using var run = await ModelRun.StartAsync(directory);
            foreach (var step in steps)
                await run.DoAsync(step);
            await run.CheckEverythingAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}

/// <summary>The model and the endpoint side by side.</summary>
internal sealed class ModelRun : IAsyncDisposable
{
    private readonly PureModel _model = new();
    private readonly HashSet<(string, string, int)> _delivered = [];
    private EmulatorOptions _options;
    private EmulatorHost _host;
    private CosmosClient _client;
    private Container _container = null!;
    private string? _continuation;

    private ModelRun(EmulatorOptions options, EmulatorHost host) =>
        (_options, _host, _client) = (options with { Port = host.Endpoint.Port }, host, Endpoint.Connect(host.ConnectionString));

    public static async Task<ModelRun> StartAsync(string directory)
    {
        var options = new EmulatorOptions { Port = 0, DataDirectory = directory, Partitions = 2 };
        var run = new ModelRun(options, await EmulatorHost.StartAsync(options));
        Database database = await run._client.CreateDatabaseAsync("model");
        run._container = await database.CreateContainerAsync("things", "/pk");
        return run;
    }

    private RealContainer Real => new(_container, place => _etags.GetValueOrDefault(place));

    private readonly Dictionary<string, string> _etags = [];

    public async Task DoAsync(Step step)
    {
        switch (step)
        {
            case ItemStep item:
                await RememberEtagAsync(item);
                (await Real.DoAsync(item)).ShouldBe(_model.Do(item), $"{item}");
                break;
            case Batch batch:
                (await Real.DoAsync(batch)).ShouldBe(_model.Do(batch), $"{batch}");
                break;
            case Split split:
                await SplitRangeAsync(split.Range);
                break;
            case Restart:
                await _host.DisposeAsync();
                _host = await EmulatorHost.StartAsync(_options);
                break;
            case Crash:
                await RestartFromCrashAsync();
                break;
            case ReadFeed read:
                await ReadOnAsync(read.PageSize);
                break;
        }
    }

    /// <summary>Goes on with the files as they lie while the endpoint runs: what a killed process leaves behind.</summary>
    private async Task RestartFromCrashAsync()
    {
        var left = Directory.CreateDirectory(Path.Combine(_options.DataDirectory, "crash")).FullName;
        foreach (var file in Directory
            .EnumerateFiles(_options.DataDirectory, "emulator.db*")
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(left, Path.GetFileName(file)));
        await _host.DisposeAsync();
        _options = _options with { DataDirectory = left };
        _host = await EmulatorHost.StartAsync(_options);
    }

    private async Task RememberEtagAsync(ItemStep step)
    {
        using var read = await _container.ReadItemStreamAsync(step.Id, new(step.Key));
        _etags[$"{step.Key}/{step.Id}"] = read.Headers.ETag ?? "\"none\"";
    }

    private async Task SplitRangeAsync(int range)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(_host.Endpoint, $"_emulator/containers/model/things/split/{range}"), null);
        // A range that was split before is gone.
        ((int)response.StatusCode).ShouldBeOneOf(200, 410);
    }

    /// <summary>A reader that goes on from its continuation sees the latest version of everything written since, each once.</summary>
    private async Task ReadOnAsync(int pageSize)
    {
        var start = _continuation is null ? ChangeFeedStartFrom.Beginning() : ChangeFeedStartFrom.ContinuationToken(_continuation);
        (var things, _continuation) = await Real.ReadFeedAsync(start, pageSize);
        things.Select(thing => (thing.pk, thing.id)).Distinct().Count().ShouldBe(things.Count);
        foreach (var thing in things)
            _model.Items[(thing.pk, thing.id)].N.ShouldBe(thing.n);
        var now = _model.Items.Select(item => (item.Key.Key, item.Key.Id, item.Value.Written)).ToHashSet();
        now.Where(item => !_delivered.Contains(item))
            .Select(item => (item.Key, item.Id))
            .Order()
            .ShouldBe(things.Select(thing => (thing.pk, thing.id)).Order());
        _delivered.UnionWith(now);
    }

    public async Task CheckEverythingAsync()
    {
        await ReadOnAsync(2);
        (await Real.QueryAsync())
            .OrderBy(item => item.Key)
            .ShouldBe(_model.Items.ToDictionary(item => (item.Key.Key, item.Key.Id), item => item.Value.N).OrderBy(item => item.Key));
        foreach (var key in _model.Items.Keys.Select(place => place.Key).Distinct())
        {
            var (things, _) = await Real.ReadFeedAsync(ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new(key))), 2);
            things.Select(thing => (thing.pk, thing.id, thing.n)).ShouldBe(_model.Feed.Where(item => item.Key == key));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }
}
