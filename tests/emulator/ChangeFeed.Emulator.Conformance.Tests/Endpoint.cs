using System.Net;
using ChangeFeed.Emulator;
using Microsoft.Azure.Cosmos;

[assembly: AssemblyFixture(typeof(ChangeFeed.Emulator.Conformance.Tests.Endpoint))]

namespace ChangeFeed.Emulator.Conformance.Tests;

/// <summary>One endpoint and one client for all tests; each test has containers of its own.</summary>
public sealed class Endpoint : IAsyncLifetime
{
    private EmulatorHost _host = null!;

    public CosmosClient Client { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public string ConnectionString => _host.ConnectionString;

    public Uri Address => _host.Endpoint;

    public async ValueTask InitializeAsync()
    {
        _host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true, Partitions = 4 });
        Client = Connect(_host.ConnectionString);
        Database = await Client.CreateDatabaseIfNotExistsAsync("conformance");
    }

    public static CosmosClient Connect(string connectionString, Action<CosmosClientOptions>? change = null)
    {
        var options = new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true };
        change?.Invoke(options);
        return new(connectionString, options);
    }

    public async Task<Container> NewContainerAsync(string partitionKeyPath = "/pk", Action<ContainerProperties>? change = null)
    {
        var properties = new ContainerProperties($"c-{Guid.NewGuid():N}", partitionKeyPath);
        change?.Invoke(properties);
        return await Database.CreateContainerAsync(properties);
    }

    public Task<Container> NewLeasesAsync() => NewContainerAsync("/id", properties => properties.DefaultTimeToLive = -1);

    /// <summary>Splits a physical partition and returns the names of its children.</summary>
    public async Task SplitAsync(Container container, string range = "0")
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(Address, $"_emulator/containers/{container.Database.Id}/{container.Id}/split/{range}"), null);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }
}

public sealed record Thing(
    string id,
    string pk,
    int n = 0,
    [property: Newtonsoft.Json.JsonProperty(NullValueHandling = Newtonsoft.Json.NullValueHandling.Ignore)] int? ttl = null);

public static class Indexing
{
    /// <summary>Adds an index for ORDER BY on several paths, such as <c>"/a", "/b DESC"</c>.</summary>
    public static void AddComposite(this IndexingPolicy policy, params string[] paths) => policy.CompositeIndexes.Add(
    [
        .. paths.Select(path => path.Split(' ')).Select(parts => new CompositePath
        {
            Path = parts[0],
            Order = parts.Length > 1 ? CompositePathSortOrder.Descending : CompositePathSortOrder.Ascending,
        })
    ]);
}

public static class Expect
{
    /// <summary>The status and sub-status an action fails with.</summary>
    public static async Task<(HttpStatusCode Status, int SubStatus)> FaultAsync(Func<Task> action)
    {
        var exception = await Should.ThrowAsync<CosmosException>(action);
        return (exception.StatusCode, exception.SubStatusCode);
    }
}
