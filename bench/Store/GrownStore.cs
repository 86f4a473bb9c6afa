using System.Diagnostics;
using System.Net;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;

namespace Bench.Store;

/// <summary>An embedded store that holds so many events, and the work that must not cost more because of that.</summary>
internal sealed class GrownStore : IAsyncDisposable
{
    private const int NewEvents = 100;

    private readonly CosmosEndpoint _endpoint;
    private readonly CosmosClient _client;
    private readonly Container _events;
    private readonly CosmosWriter _writer;
    private readonly int _streams;
    private string _beforeTheEnd = "";
    private int _appended;

    private GrownStore(CosmosEndpoint endpoint, CosmosClient client, Container events, int streams)
    {
        (_endpoint, _client, _events, _streams) = (endpoint, client, events, streams);
        _writer = new CosmosWriter(endpoint.Name, events);
    }

    public string Name => $"{_streams * Loader.EventsPerStream:#,0} events";

    /// <summary>How many streams it holds, each of <see cref="Loader.EventsPerStream"/> events.</summary>
    public int Streams => _streams;

    public int Pid => _endpoint.Pid;

    public double LoadedPerSecond { get; private init; }

    public static async Task<GrownStore> FillAsync(string name, string directory, int events, TimeSpan atMost, CancellationToken stop)
    {
        var (endpoint, client, container) = await StartAsync(name, directory, stop);
        Progress.Say($"{events:#,0} events into {name}");
        var start = Stopwatch.GetTimestamp();
        var streams = await Loader.FillAsync(container, events, atMost, stop);
        var store = new GrownStore(endpoint, client, container, streams)
        {
            LoadedPerSecond = streams * Loader.EventsPerStream / Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        await store.MarkTheEndAsync(stop);
        return store;
    }

    public static async Task<GrownStore> OpenAsync(string name, string directory, int streams, CancellationToken stop)
    {
        var (endpoint, client, container) = await StartAsync(name, directory, stop);
        var store = new GrownStore(endpoint, client, container, streams);
        await store.MarkTheEndAsync(stop);
        return store;
    }

    public Task AppendAsync() => _writer.WriteAsync($"appended-{Environment.ProcessId}-{_appended++}", 0);

    public async Task ReadAsync()
    {
        using var answer = await _events.ReadItemStreamAsync(
            $"{Random.Shared.Next(Loader.EventsPerStream)}", new PartitionKey(Loader.StreamId(Random.Shared.Next(_streams))));
        answer.EnsureSuccessStatusCode();
    }

    public async Task ReadStreamAsync()
    {
        var stream = Loader.StreamId(Random.Shared.Next(_streams));
        // The query the event store reads a stream with.
        var query = new QueryDefinition("SELECT * FROM c WHERE c.version >= @from AND c.version <= @to ORDER BY c.version")
            .WithParameter("@from", 0)
            .WithParameter("@to", long.MaxValue >> 10);
        using var pages = _events.GetItemQueryStreamIterator(query, requestOptions: new QueryRequestOptions
        {
            PartitionKey = new PartitionKey(stream),
            EnableOptimisticDirectExecution = true,
        });
        var count = 0;
        while (pages.HasMoreResults)
        {
            using var page = await pages.ReadNextAsync();
            page.EnsureSuccessStatusCode();
            count += BenchEvent.ReadPlaces(await BytesAsync(page)).Count;
        }

        if (count != Loader.EventsPerStream)
            throw new BenchException($"Stream {stream} gave {count} events, {Loader.EventsPerStream} were written.");
    }

    /// <summary>One page of the newest events of one range, as a reader that keeps up sees it.</summary>
    public async Task ReadFeedAsync()
    {
        using var pages = _events.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.ContinuationToken(_beforeTheEnd), ChangeFeedMode.Incremental, new ChangeFeedRequestOptions { PageSizeHint = NewEvents });
        using var page = await pages.ReadNextAsync();
        page.EnsureSuccessStatusCode();
        if (BenchEvent.ReadPlaces(await BytesAsync(page)).Count != NewEvents)
            throw new BenchException("A page of the change feed was not full.");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _endpoint.DisposeAsync();
    }

    private static async Task<(CosmosEndpoint, CosmosClient, Container)> StartAsync(string name, string directory, CancellationToken stop)
    {
        var endpoint = await CosmosEndpoint.StartEmulatorAsync($"emulator with {name}", directory, stop);
        var client = CosmosAccount.Connect(endpoint.Address);
        return (endpoint, client, await CosmosAccount.CreateContainerAsync(client, StoreSetup.Events, stop: stop));
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(ResponseMessage page)
    {
        var bytes = new MemoryStream();
        await page.Content.CopyToAsync(bytes);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>Remembers a place in one range, and writes more events behind it than a page holds.</summary>
    private async Task MarkTheEndAsync(CancellationToken stop)
    {
        var ranges = await _events.GetFeedRangesAsync(stop);
        using var pages = _events.GetChangeFeedStreamIterator(ChangeFeedStartFrom.Now(ranges[0]), ChangeFeedMode.Incremental);
        using var page = await pages.ReadNextAsync(stop);
        if (page.StatusCode != HttpStatusCode.NotModified)
            throw new BenchException($"Reading the feed from now answered {(int)page.StatusCode}, not 304.");
        _beforeTheEnd = page.ContinuationToken;
        var run = Guid.NewGuid().ToString("N");
        await Parallel.ForAsync(0, 2 * NewEvents * ranges.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stop },
            async (n, _) => await _writer.WriteAsync($"end-{run}-{n}", 0));
    }
}
