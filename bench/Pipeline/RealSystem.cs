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
    public const string Events = "events";
    public const string Database = "orders";

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

    private RealSystem(RunningApplication host, IReadOnlyList<RunningProcess> processes)
    {
        _host = host;
        _client = CosmosAccount.Connect(StoreOf(host));
        _orders = new Uri(host.Url("orders-api"), "/orders");
        Processes = processes;
    }

    public string Name { get; private init; } = "";

    public IReadOnlyList<RunningProcess> Processes { get; }

    /// <summary>What it keeps, asked by the bench.</summary>
    public Database Stored => _client.GetDatabase(Database);

    /// <summary>Where customer care is.</summary>
    public Uri Care => _host.Url("customer-care");

    /// <summary>Starts everything; logs only warnings, as in production: printing every event to a terminal is not the pipeline's work.</summary>
    /// <param name="name">What it is called in results.</param>
    /// <param name="directory">Where it keeps everything.</param>
    /// <param name="arguments">Options of the app host.</param>
    /// <param name="environment">What every process finds in its environment.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="ends">What ends an order; the view's word for it when nothing is said.</param>
    public static async Task<RealSystem> StartAsync(
        string name, string directory, IReadOnlyList<string> arguments, Dictionary<string, string> environment, CancellationToken stop,
        OrderEnd ends = OrderEnd.View)
    {
        environment["Logging__LogLevel__Default"] = "Warning";
        // All orders come from one address, as fast as they can.
        environment["OrdersApi__RateLimits__RequestsPerSecond"] = environment["OrdersApi__RateLimits__Burst"] = "100000";
        environment["CustomerCare__RateLimits__RequestsPerSecond"] = environment["CustomerCare__RateLimits__Burst"] = "100000";
        var host = await RunningApplication.StartAsync(directory, arguments, environment, stop);
        var system = new RealSystem(host, await host.FindProcessesAsync(stop)) { Name = name };
        system._watcher = ends == OrderEnd.View
            ? await FeedReader.StartAsync(StoreOf(host), Database, ViewNames.OrderStatus, null, "bench:", system.LookForCompleted)
            : await FeedReader.StartAsync(StoreOf(host), Database, Events, null, "bench:", system.LookForLastEvent, DateTime.UtcNow);
        return system;
    }

    public Task<(string OrderId, long Completed)> RunOrderAsync() => RunOrderAsync(Order);

    /// <summary>The same of another order.</summary>
    public async Task<(string OrderId, long Completed)> RunOrderAsync(byte[] order)
    {
        var orderId = await PlaceAsync(order);
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
            using var answer = await _client.GetContainer(Database, Events).ReadItemStreamAsync($"{version}", new PartitionKey(orderId));
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

    private Task LookForCompleted(ReadOnlyMemory<byte> page, long at) => LookFor("status", "Completed", "id", page, at);

    private Task LookForLastEvent(ReadOnlyMemory<byte> page, long at) => LookFor("type", nameof(CustomerNotified), "streamId", page, at);

    private Task LookFor(string property, string value, string orderId, ReadOnlyMemory<byte> page, long at)
    {
        using var json = JsonDocument.Parse(page);
        var documents = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement : json.RootElement.GetProperty("Documents"u8);
        foreach (var document in documents.EnumerateArray())
        {
            if (document.GetProperty(property).ValueEquals(value))
                _completions.Completed(document.GetProperty(orderId).GetString()!, at);
        }

        return Task.CompletedTask;
    }
}

/// <summary>What the bench takes for the end of an order.</summary>
internal enum OrderEnd
{
    /// <summary>The view says that it is completed.</summary>
    View,

    /// <summary>Its last event is in the store: the views may be behind.</summary>
    LastEvent,
}
