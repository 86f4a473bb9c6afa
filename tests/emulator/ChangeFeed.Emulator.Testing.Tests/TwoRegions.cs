using System.Collections.Concurrent;
using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>An account of the regions west, which is written to, and east; a client in each; a container.</summary>
internal sealed class TwoRegions : IAsyncDisposable
{
    /// <summary>Longer than any test: what is written after it is set does not arrive.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly List<CosmosClient> _clients = [];
    private readonly ConcurrentQueue<Uri> _asked = [];

    private TwoRegions(CosmosEmulator cosmos) => Cosmos = cosmos;

    public CosmosEmulator Cosmos { get; }

    /// <summary>The container as a client in the west sees it.</summary>
    public Container West { get; private set; } = null!;

    /// <summary>The container as a client in the east sees it.</summary>
    public Container East { get; private set; } = null!;

    public static async Task<TwoRegions> StartAsync(params string[] others)
    {
        var regions = new TwoRegions(
            await CosmosEmulator.StartAsync(options => options with { Regions = ["west", "east", .. others], ReplicationLag = TimeSpan.Zero }));
        var client = regions.Connect("west", "east");
        Database shop = await client.CreateDatabaseAsync("shop");
        regions.West = await shop.CreateContainerAsync("orders", "/customer");
        regions.East = regions.Connect("east", "west").GetContainer("shop", "orders");
        return regions;
    }

    /// <summary>A client that reads in the first of some regions that answers.</summary>
    public CosmosClient Connect(params string[] preferred)
    {
        var client = Cosmos.CreateClient(options =>
        {
            options.ApplicationPreferredRegions = preferred;
            options.HttpClientFactory = () => new(new Noted(_asked)) { Timeout = TimeSpan.FromSeconds(65) };
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>A client of one region only, whatever the account says.</summary>
    public Container Only(string region)
    {
        var client = new CosmosClient(
            Cosmos.RegionEndpoints[region].ToString(),
            EmulatorOptions.WellKnownKey,
            new() { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true, ConsistencyLevel = ConsistencyLevel.Eventual });
        _clients.Add(client);
        return client.GetContainer("shop", "orders");
    }

    /// <summary>The regions that were asked for items while something was done, in this order.</summary>
    public async Task<IReadOnlyList<string>> AskedAsync(Func<Task> work)
    {
        _asked.Clear();
        await work();
        return
        [
            .. _asked.Where(address => address.AbsolutePath.Contains("/docs"))
                .Select(address => Cosmos.RegionEndpoints.Single(region => region.Value.Port == address.Port).Key).Distinct()
        ];
    }

    public static Task<ItemResponse<Order>> WriteAsync(Container container, string id) =>
        container.UpsertItemAsync(new Order(id, "ada"), new("ada"));

    public static async Task<bool> HasAsync(Container container, string id)
    {
        using var answer = await container.ReadItemStreamAsync(id, new("ada"));
        return answer.StatusCode == HttpStatusCode.OK || (answer.StatusCode == HttpStatusCode.NotFound ? false
            : throw new InvalidOperationException($"{answer.StatusCode}: {answer.ErrorMessage}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Cosmos.DisposeAsync();
    }

    public sealed record Order(string id, string customer);

    private sealed class Noted(ConcurrentQueue<Uri> asked) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Enqueue(request.RequestUri!);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
