using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Bench.Harness;
using Bench.Subjects;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;

namespace Bench.Pipeline;

/// <summary>The real services: an order goes in by POST and is completed when the view says so.</summary>
internal sealed class RealSystem : IOrderPipeline
{
    private const string Database = "orders";

    public static readonly byte[] Order = """
        {"customerId":"c-1001","email":"ada@example.org","currency":"USD","paymentToken":"tok_visa",
         "shipTo":{"name":"Ada Lovelace","line1":"1 Main St","city":"Seattle","region":"WA","postalCode":"98101","country":"US"},
         "lines":[{"sku":"KB-01","name":"Keyboard","quantity":2,"unitPrice":49.90}]}
        """u8.ToArray();

    private static readonly byte[] Poison = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Order).Replace("tok_visa", "tok_broken", StringComparison.Ordinal));

    private readonly RunningApplication _host;
    private readonly Completions _completions = new();
    private readonly CosmosClient _client;
    private readonly Uri _orders;
    private FeedReader? _watcher;

    private RealSystem(RunningApplication host)
    {
        _host = host;
        _client = CosmosAccount.Connect(StoreOf(host));
        _orders = new Uri(host.Url("orders-api"), "/orders");
        Processes = [.. host.Processes()];
    }

    public string Name { get; private init; } = "";

    public IReadOnlyList<RunningProcess> Processes { get; }

    /// <summary>Starts everything; logs only warnings, as in production: printing every event to a terminal is not the pipeline's work.</summary>
    public static async Task<RealSystem> StartAsync(
        string name, string directory, IReadOnlyList<string> arguments, Dictionary<string, string> environment, CancellationToken stop)
    {
        environment["Logging__LogLevel__Default"] = "Warning";
        // All orders come from one address, as fast as they can.
        environment["OrdersApi__RateLimits__RequestsPerSecond"] = environment["OrdersApi__RateLimits__Burst"] = "100000";
        var system = new RealSystem(await RunningApplication.StartAsync(directory, arguments, environment, stop)) { Name = name };
        system._watcher = await FeedReader.StartAsync(
            StoreOf(system._host), Database, ViewNames.OrderStatus, null, "bench:", system.LookForCompleted);
        return system;
    }

    public async Task<(string OrderId, long Completed)> RunOrderAsync()
    {
        var orderId = await PlaceAsync(Order);
        return (orderId, await _completions.WaitAsync(orderId));
    }

    /// <summary>Places an order that no payment service can handle: it is tried again, then parked.</summary>
    public Task PlacePoisonAsync() => PlaceAsync(Poison);

    private async Task<string> PlaceAsync(byte[] order)
    {
        using var body = new ByteArrayContent(order) { Headers = { ContentType = new("application/json") } };
        using var answer = await Http.Client.PostAsync(_orders, body);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"POST /orders answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        var placed = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return placed.GetProperty("orderId"u8).GetString()!;
    }

    public async Task<IReadOnlyList<EventTime>> ReadTimesAsync(string orderId)
    {
        var times = new List<EventTime>();
        for (var version = 0; ; version++)
        {
            using var answer = await _client.GetContainer(Database, "events").ReadItemStreamAsync($"{version}", new PartitionKey(orderId));
            if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                return times;
            answer.EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(answer.Content);
            times.Add(new EventTime(
                json.RootElement.GetProperty("type"u8).GetString()!,
                json.RootElement.GetProperty("meta"u8).GetProperty("at"u8).GetDateTimeOffset()));
        }
    }

    public Task<StoreUse> ReadUseAsync(CancellationToken stop) => StoreUse.ReadAsync(new Uri(StoreOf(_host)), watched: ViewNames.OrderStatus, stop);

    public async ValueTask DisposeAsync()
    {
        if (_watcher is not null)
            await _watcher.DisposeAsync();
        _client.Dispose();
        await _host.DisposeAsync();
    }

    // As the connection string spells it: leases contain the host.
    private static string StoreOf(RunningApplication host) => $"http://127.0.0.1:{host.Url("cosmos").Port}/";

    private Task LookForCompleted(ReadOnlyMemory<byte> page, long at)
    {
        using var json = JsonDocument.Parse(page);
        var documents = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement : json.RootElement.GetProperty("Documents"u8);
        foreach (var document in documents.EnumerateArray())
        {
            if (document.GetProperty("status"u8).ValueEquals("Completed"u8))
                _completions.Completed(document.GetProperty("id"u8).GetString()!, at);
        }

        return Task.CompletedTask;
    }
}
