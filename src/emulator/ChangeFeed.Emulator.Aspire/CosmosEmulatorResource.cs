namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// An Azure Cosmos DB for NoSQL endpoint that runs as a process of this machine. Clients connect in Gateway mode.
/// </summary>
/// <remarks>The process is the emulator itself: its process id is the one of the resource.</remarks>
public sealed class CosmosEmulatorResource : ExecutableResource, IResourceWithConnectionString
{
    /// <summary>The well-known key of local Cosmos DB endpoints. It is public and protects nothing.</summary>
    public const string WellKnownKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    internal const string EndpointName = "http";

    internal CosmosEmulatorResource(string name, string program)
        : base(name, "dotnet", Path.GetDirectoryName(program)!)
    {
        Program = program;
        Endpoint = new(this, EndpointName);
    }

    /// <summary>The endpoint the emulator listens on: HTTP on the loopback address, with no proxy in between.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>
    /// <c>AccountEndpoint=http://127.0.0.1:PORT/;AccountKey=KEY</c>. The host is always spelled like this: the ids of change feed
    /// leases contain it, so that another spelling would be another processor. They do not contain the port.
    /// </summary>
    public ReferenceExpression ConnectionStringExpression => KeyParameter is { } key
        ? ReferenceExpression.Create($"AccountEndpoint={AccountEndpoint};AccountKey={key}")
        : ReferenceExpression.Create($"AccountEndpoint={AccountEndpoint};AccountKey={WellKnownKey}");

    /// <summary>The address of the account, with a slash at its end.</summary>
    public ReferenceExpression AccountEndpoint =>
        ReferenceExpression.Create($"http://{Endpoint.Property(EndpointProperty.IPV4Host)}:{Endpoint.Property(EndpointProperty.Port)}/");

    /// <summary>The endpoint of a region; that of the account is <see cref="Endpoint"/>.</summary>
    /// <param name="region">The region, as it was given.</param>
    public EndpointReference RegionEndpoint(string region) => new(this, RegionEndpointName(region));

    internal static string RegionEndpointName(string region) => $"region-{region.ToLowerInvariant().Replace(' ', '-')}";

    /// <summary>The assembly of the emulator.</summary>
    internal string Program { get; }

    internal ParameterResource? KeyParameter { get; set; }

    /// <summary>Where data is kept; null keeps none.</summary>
    internal string? DataDirectory { get; set; }

    internal int? Partitions { get; set; }

    internal IReadOnlyList<string> Regions { get; set; } = [];

    internal TimeSpan? ReplicationLag { get; set; }

    internal int? ThroughputLimit { get; set; }

    internal TimeSpan? Latency { get; set; }

    internal int? MaxMegabytes { get; set; }
}
