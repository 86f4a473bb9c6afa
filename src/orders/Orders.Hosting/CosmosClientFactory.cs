using System.Text.Json;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace Orders.Hosting;

/// <summary>Clients of the store, set up alike.</summary>
public static class CosmosClientFactory
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    // Without it the SDK has its spans only for listeners of the old kind, which OpenTelemetry is not. Read once, by the first client.
    static CosmosClientFactory() => AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);

    /// <summary>A client of the store that the options name.</summary>
    /// <param name="options">Where it is, and how to reach it.</param>
    /// <param name="applicationName">The service, for the user agent.</param>
    /// <param name="handlers">What requests go through.</param>
    public static CosmosClient Create(CosmosOptions options, string applicationName, params ReadOnlySpan<RequestHandler> handlers) =>
        Create(options, applicationName, null, handlers);

    /// <summary>
    /// A client that puts up to a hundred writes into a request, and lets each wait up to a second for the others: for tools that write much.
    /// </summary>
    /// <param name="options">Where the store is, and how to reach it.</param>
    /// <param name="applicationName">The service, for the user agent.</param>
    /// <param name="handlers">What requests go through.</param>
    public static CosmosClient CreateBulk(CosmosOptions options, string applicationName, params ReadOnlySpan<RequestHandler> handlers) =>
        Create(options, applicationName, null, inBulk: true, handlers);

    /// <summary>A client of the store that the options name, which sends its requests in a way of its own.</summary>
    /// <param name="options">Where it is, and how to reach it.</param>
    /// <param name="applicationName">The service, for the user agent.</param>
    /// <param name="transport">What HTTP goes through in gateway mode; null for the SDK's own.</param>
    /// <param name="handlers">What requests go through.</param>
    public static CosmosClient Create(
        CosmosOptions options, string applicationName, HttpMessageHandler? transport, params ReadOnlySpan<RequestHandler> handlers) =>
        Create(options, applicationName, transport, inBulk: false, handlers);

    private static CosmosClient Create(
        CosmosOptions options, string applicationName, HttpMessageHandler? transport, bool inBulk, ReadOnlySpan<RequestHandler> handlers)
    {
        if (!CosmosConnection.TryParse(options.ConnectionString, out var connection, out var problem))
            throw new InvalidOperationException($"ConnectionStrings:cosmos {problem}");
        var settings = new CosmosClientOptions
        {
            ApplicationName = applicationName,
            ConnectionMode = options.ConnectionMode,
            AllowBulkExecution = inBulk,
            UseSystemTextJsonSerializerWithOptions = Json,
            CosmosClientTelemetryOptions = new CosmosClientTelemetryOptions { DisableDistributedTracing = false },
        };
        if (options.RegionList is { Count: > 0 } regions)
            settings.ApplicationPreferredRegions = regions;
        if (transport is not null && options.ConnectionMode == ConnectionMode.Gateway)
            settings.HttpClientFactory = () => new HttpClient(transport, disposeHandler: false);
        foreach (var handler in handlers)
            settings.CustomHandlers.Add(handler);
        return connection.Key is { } key
            ? new CosmosClient(connection.Endpoint.ToString(), key, settings)
            : new CosmosClient(connection.Endpoint.ToString(), new DefaultAzureCredential(), settings);
    }
}
