using Aspire.Hosting.ApplicationModel;
using ChangeFeed.Emulator.Aspire;

namespace Aspire.Hosting;

/// <summary>Adds an Azure Cosmos DB for NoSQL endpoint to an application: a process, not a container.</summary>
public static class CosmosEmulatorBuilderExtensions
{
    private const int MaxPartitions = 1000;
    private const int MaxThroughput = 10_000_000;
    private const int MaxMegabytes = 1_000_000;
    private const int MaxRegions = 8;
    private static readonly TimeSpan MaxLatency = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxLag = TimeSpan.FromHours(1);

    /// <summary>
    /// Adds the emulator. Without <see cref="WithDataDirectory"/> it keeps nothing: a stop or restart loses its data.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource, and of the connection string that a reference to it gives.</param>
    /// <param name="port">The port to listen on, 1 to 65535; null takes one that is free and keeps it as long as the app host runs.</param>
    /// <exception cref="ArgumentException">The port is out of range.</exception>
    /// <exception cref="DistributedApplicationException">The files of the emulator are missing.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> AddCosmosEmulator(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (port is not null)
            Check.Range(port.Value, 1, 65535, nameof(port));

        var emulator = new CosmosEmulatorResource(name, EmulatorProgram.Find());
        return builder.AddResource(emulator)
            .WithHttpEndpoint(port ?? LoopbackPort.Take(), name: CosmosEmulatorResource.EndpointName, isProxied: false)
            // As it is spelled in the connection string.
            .WithEndpoint(CosmosEmulatorResource.EndpointName, endpoint => endpoint.TargetHost = "127.0.0.1", createIfNotExists: false)
            .WithArgs(context => EmulatorCommandLine.Add(emulator, context.Args))
            .WithEnvironment(context => EmulatorCommandLine.AddKey(emulator, context.EnvironmentVariables))
            .WithHttpHealthCheck("/_emulator/health", endpointName: CosmosEmulatorResource.EndpointName)
            .WithIconName("Database")
            .WithUrlForEndpoint(CosmosEmulatorResource.EndpointName, url => url.DisplayText = "Data explorer")
            .WithUrls(context => AddStatistics(emulator, context))
            .WithEmulatorCommands()
            // On a real account an application uses AddConnectionString; there is nothing to deploy.
            .ExcludeFromManifest();
    }

    /// <summary>A browser has no key to show: behind a key of one's own the link would lead to a refusal.</summary>
    private static void AddStatistics(CosmosEmulatorResource emulator, ResourceUrlsCallbackContext context)
    {
        if (emulator.KeyParameter is null && emulator.Endpoint.IsAllocated)
            context.Urls.Add(new() { Url = $"{emulator.Endpoint.Url}/_emulator/stats", DisplayText = "Statistics", Endpoint = emulator.Endpoint });
    }

    /// <summary>Keeps the data in a directory, so that it is there after a stop, a kill, and the next run of the app host.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="path">The directory, made where it does not exist. A relative path is relative to the app host's project.</param>
    /// <exception cref="ArgumentException">The path is empty, or there is a file at it.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithDataDirectory(
        this IResourceBuilder<CosmosEmulatorResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory);
        if (File.Exists(full))
            throw new ArgumentException($"'{full}' is a file; the data of the emulator needs a directory.", nameof(path));
        builder.Resource.DataDirectory = full;
        return builder;
    }

    /// <summary>The physical partitions a new container begins with, where the request that makes it does not say how many.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="count">1 to 1000; where this is not called, one for every 6,000 request units per second of the throughput.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithPartitions(
        this IResourceBuilder<CosmosEmulatorResource> builder, int count)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Partitions = Check.Range(count, 1, MaxPartitions, nameof(count));
        return builder;
    }

    /// <summary>
    /// Gives the account regions, the first of which is written to. Each has an endpoint of its own; that of the connection string answers
    /// from whichever is written to, and tells clients that are not limited to it of the others.
    /// </summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="regions">2 to 8 different names of letters, digits, spaces and hyphens; a name with spaces has to be one of Azure.</param>
    /// <exception cref="ArgumentException">There are too few or too many, or one twice.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithRegions(
        this IResourceBuilder<CosmosEmulatorResource> builder, params string[] regions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(regions);
        if (regions.Length is < 2 or > MaxRegions || regions.Distinct(StringComparer.OrdinalIgnoreCase).Count() != regions.Length)
            throw new ArgumentException($"The regions are '{string.Join(',', regions)}'; they must be 2 to {MaxRegions} different names.", nameof(regions));
        builder.Resource.Regions = regions;
        foreach (var name in regions.Select(CosmosEmulatorResource.RegionEndpointName))
            builder.WithHttpEndpoint(LoopbackPort.Take(), name: name, isProxied: false)
                .WithEndpoint(name, endpoint => endpoint.TargetHost = "127.0.0.1", createIfNotExists: false);
        return builder;
    }

    /// <summary>How long after its commit something arrives in the regions that are not written to, at least.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="lag">From zero to one hour, in whole milliseconds; 100 ms where this is not called.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lag is out of range.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithReplicationLag(
        this IResourceBuilder<CosmosEmulatorResource> builder, TimeSpan lag)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (lag < TimeSpan.Zero || lag > MaxLag)
            throw new ArgumentOutOfRangeException(nameof(lag), lag, "It must be from zero to one hour.");
        builder.Resource.ReplicationLag = lag;
        return builder;
    }

    /// <summary>The account key, instead of the well-known one.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="key">The key, Base64. The emulator refuses to start with anything else.</param>
    public static IResourceBuilder<CosmosEmulatorResource> WithKey(
        this IResourceBuilder<CosmosEmulatorResource> builder, IResourceBuilder<ParameterResource> key)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(key);
        builder.Resource.KeyParameter = key.Resource;
        return builder.WithReferenceRelationship(key);
    }

    /// <summary>Answers 429 with a retry-after once a container has used this many request units in a second.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="requestUnitsPerSecond">1 to 10,000,000; without limit where this is not called.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithThroughputLimit(
        this IResourceBuilder<CosmosEmulatorResource> builder, int requestUnitsPerSecond)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.ThroughputLimit = Check.Range(requestUnitsPerSecond, 1, MaxThroughput, nameof(requestUnitsPerSecond));
        return builder;
    }

    /// <summary>Adds this long to every request, as a distant account would.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="latency">From zero to one minute, in whole milliseconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The latency is out of range.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithLatency(
        this IResourceBuilder<CosmosEmulatorResource> builder, TimeSpan latency)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (latency < TimeSpan.Zero || latency > MaxLatency)
            throw new ArgumentOutOfRangeException(nameof(latency), latency, "It must be from zero to one minute.");
        builder.Resource.Latency = latency;
        return builder;
    }

    /// <summary>The most the data file may hold; beyond that writers get 503 and reads go on.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="megabytes">1 to 1,000,000; as much as the disk where this is not called.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static IResourceBuilder<CosmosEmulatorResource> WithMaxDataSize(
        this IResourceBuilder<CosmosEmulatorResource> builder, int megabytes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.MaxMegabytes = Check.Range(megabytes, 1, MaxMegabytes, nameof(megabytes));
        return builder;
    }
}
