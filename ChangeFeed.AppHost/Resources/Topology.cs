using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost;

/// <summary>The kinds of processes there are and what all of a kind have in common.</summary>
internal static class Topology
{
    /// <summary>The key every Cosmos DB emulator has; it is public and protects nothing.</summary>
    private const string EmulatorKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    /// <summary>The Cosmos DB account of the configuration, or else the embedded store.</summary>
    public static EventStore AddEventStore<TEmulator>(this IDistributedApplicationBuilder builder, Settings settings)
        where TEmulator : IProjectMetadata, new()
    {
        if (settings.HasCosmosAccount) return new EventStore(builder.AddConnectionString("cosmos"), null);

        var port = settings.Port("Emulator", 8081, "emulator");
        var emulator = builder.AddService<TEmulator>("emulator")
            .WithHttpEndpoint(port: port, isProxied: false)
            .WithArgs("--port", port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(settings.DataDirectory, "cosmos"))
            .WithHttpHealthCheck("/_emulator/health");
        var connection = $"AccountEndpoint=http://127.0.0.1:{port}/;AccountKey={EmulatorKey}";
        return new EventStore(builder.AddConnectionString("cosmos", ReferenceExpression.Create($"{connection}")), emulator);
    }

    /// <summary>A service with a face to the outside, on a port one knows.</summary>
    public static IResourceBuilder<ProjectResource> AddApi<TProject>(
        this IDistributedApplicationBuilder builder, string name, int port, EventStore store)
        where TProject : IProjectMetadata, new() =>
        builder.AddService<TProject>(name)
            .WithHttpEndpoint(port: port, isProxied: false)
            .WithHttpHealthCheck("/health")
            .WithEventStore(store);

    /// <summary>A consumer of the change feed under its own lease prefix; it listens only to be asked for its health.</summary>
    public static IResourceBuilder<ProjectResource> AddWorker<TProject>(
        this IDistributedApplicationBuilder builder, string name, int replicas, EventStore store)
        where TProject : IProjectMetadata, new() =>
        builder.AddService<TProject>(name)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithReplicas(replicas)
            .WithEventStore(store);

    /// <summary>The payment gateway, the carrier and the like are simulated and keep what they did here.</summary>
    public static IResourceBuilder<ProjectResource> WithSimulators(this IResourceBuilder<ProjectResource> project, Settings settings) =>
        project.WithEnvironment("Simulators__Directory", Path.Combine(settings.DataDirectory, "simulators"));

    private static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, o => o.ExcludeLaunchProfile = true)
            .RunFromBuildOutput()
            // Without launch profiles nothing else says so, and the services would run as Production.
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_ENVIRONMENT", "Development");
#pragma warning disable ASPIRECERTIFICATES001 // Under evaluation: without it a machine that has no development certificate is warned of that.
        return service.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }

    private static IResourceBuilder<ProjectResource> WithEventStore(this IResourceBuilder<ProjectResource> project, EventStore store)
    {
        project.WithReference(store.Connection);
        // The embedded store keeps versions and deletes where it is told to; an account does by continuous backup.
        return store.Emulator is null
            ? project
            : project.WaitFor(store.Emulator).WithEnvironment("Cosmos__VersionRetention", "00:10:00");
    }
}

/// <summary>Where the events are; the emulator is none when a Cosmos DB account is used.</summary>
internal sealed record EventStore(
    IResourceBuilder<IResourceWithConnectionString> Connection, IResourceBuilder<ProjectResource>? Emulator);
