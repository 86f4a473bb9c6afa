using Microsoft.Azure.Cosmos;

namespace Bench.Subjects;

/// <summary>How the unmodified SDK is set up against any endpoint: the same for floor and subject.</summary>
internal static class CosmosAccount
{
    public const string Database = "bench";

    /// <summary>What the bench calls itself at a store, which counts by that name.</summary>
    public const string ClientName = "bench";

    /// <summary>The key every Cosmos DB emulator has; it is public and protects nothing.</summary>
    private const string Key = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    public static string ConnectionString(string endpoint) => $"AccountEndpoint={endpoint};AccountKey={Key}";

    public static CosmosClient Connect(string endpoint) => new(endpoint, Key, Options());

    /// <summary>For readers of the change feed: the endpoint holds their requests open until there is something.</summary>
    public static CosmosClient ConnectReader(string endpoint)
    {
        var options = Options();
        options.CustomHandlers.Add(new LongPollHandler());
        return new CosmosClient(endpoint, Key, options);
    }

    /// <summary>For filling: the SDK puts up to a hundred writes into a request.</summary>
    public static CosmosClient ConnectBulk(string endpoint)
    {
        var options = Options();
        options.AllowBulkExecution = true;
        return new CosmosClient(endpoint, Key, options);
    }

    public static async Task<Container> CreateContainerAsync(
        CosmosClient client, string name, string partitionKey = "/streamId", int? ttl = null, CancellationToken stop = default)
    {
        Database database = await client.CreateDatabaseIfNotExistsAsync(Database, cancellationToken: stop);
        return await database.CreateContainerIfNotExistsAsync(
            new ContainerProperties(name, partitionKey) { DefaultTimeToLive = ttl }, cancellationToken: stop);
    }

    private static CosmosClientOptions Options() => new()
    {
        ApplicationName = ClientName,
        ConnectionMode = ConnectionMode.Gateway,
        LimitToEndpoint = true,
    };

    private sealed class LongPollHandler : RequestHandler
    {
        public override Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TryGetValue("A-IM", out _))
                request.Headers.Set("x-ms-emulator-longpoll", "30000");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
