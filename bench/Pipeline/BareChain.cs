using System.Text.Json;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Pipeline;

/// <summary>
/// The floor of the pipeline: as many processes on as many appends, all reading one container, on the same store, with nothing in them
/// but the SDK.
/// </summary>
internal sealed class BareChain(string name) : IOrderPipeline
{
    public const string Events = "events";
    public const string Leases = "leases";

    private const int Stages = 5;

    private readonly Completions _completions = new();
    private readonly List<IAsyncDisposable> _started = [];
    private CosmosWriter _writer = null!;
    private Uri _store = null!;
    private int _orders;

    public string Name => name;

    public IReadOnlyList<RunningProcess> Processes { get; private set; } = [];

    public static async Task<BareChain> StartAsync(string name, string directory, CancellationToken stop)
    {
        var chain = new BareChain(name);
        try
        {
            await chain.StartProcessesAsync(directory, stop);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    public async Task<(string OrderId, long Completed)> RunOrderAsync()
    {
        var order = $"order-{Environment.ProcessId}-{Interlocked.Increment(ref _orders)}";
        await _writer.WriteAsync(order, 0);
        return (order, await _completions.WaitAsync(order));
    }

    public async Task<IReadOnlyList<EventTime>> ReadTimesAsync(string orderId)
    {
        var times = new List<EventTime>();
        for (var version = 0; version <= Stages; version++)
        {
            using var answer = await _writer.Container.ReadItemStreamAsync($"{version}", new PartitionKey(orderId));
            answer.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(answer.Content);
            times.Add(new EventTime($"{version}", json.RootElement.GetProperty("at"u8).GetDateTimeOffset()));
        }

        return times;
    }

    // The bench's own watch is one more reader of the events, and is counted with the stages'.
    public Task<StoreUse> ReadUseAsync(CancellationToken stop) => StoreUse.ReadAsync(_store, watched: "", stop);

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
    }

    private async Task StartProcessesAsync(string directory, CancellationToken stop)
    {
        var store = Keep(await CosmosEndpoint.StartEmulatorAsync("emulator of the bare chain", directory, stop));
        _store = new Uri(store.Address);
        var client = CosmosAccount.Connect(store.Address);
        _writer = new CosmosWriter(Name, await CosmosAccount.CreateContainerAsync(client, Events, stop: stop));
        await CosmosAccount.CreateContainerAsync(client, Leases, "/id", -1, stop);

        var stages = Enumerable.Range(1, Stages)
            .Select(n => Keep(Child.StartRole($"stage {n}", "stage", "--endpoint", store.Address, "--number", $"{n}"))).ToList();
        foreach (var stage in stages)
            await stage.ReadyAsync(TimeSpan.FromSeconds(60), stop);
        Processes = [new RunningProcess("emulator", store.Pid, Kind.Store), .. stages.Select(s => new RunningProcess(s.Name, s.Pid, Kind.Worker))];

        Keep(await FeedReader.StartAsync(store.Address, CosmosAccount.Database, Events, null, "bench:", (page, at) =>
        {
            foreach (var place in BenchEvent.ReadPlaces(page).Where(place => place.Version == Stages))
                _completions.Completed(place.StreamId, at);
            return Task.CompletedTask;
        }));
    }

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
