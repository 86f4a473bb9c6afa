using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Commands;
using ChangeFeed.AppHost.Options;

namespace ChangeFeed.AppHost.Resources;

/// <summary>The kinds of processes there are and what all of a kind have in common.</summary>
internal static class Topology
{
    /// <summary>The Cosmos DB account of the configuration, or else the embedded store.</summary>
    public static Store AddEventStore(this IDistributedApplicationBuilder builder, Settings settings) => settings.HasCosmosAccount
        ? new Store(builder.AddConnectionString("cosmos"), IsEmbedded: false, Archive(settings), settings.Directory)
        : new Store(
            builder.AddCosmosEmulator("cosmos", settings.Port("Emulator", 8081, "the embedded store"))
                .WithDataDirectory(Path.Combine(settings.DataDirectory, "cosmos"))
                .WithPartitions(settings.Partitions),
            IsEmbedded: true,
            Archive(settings),
            settings.Directory);

    /// <summary>A service with a face to the outside, on a port one knows.</summary>
    public static IResourceBuilder<ProjectResource> AddApi<TProject>(
        this IDistributedApplicationBuilder builder, string name, string icon, int port, Store store)
        where TProject : IProjectMetadata, new() =>
        builder.AddService<TProject>(name, icon)
            .WithHttpEndpoint(port: port, isProxied: false)
            .WithHttpHealthCheck("/health")
            .WithEventStore(store);

    /// <summary>Who may call an API: the holder of the key, and without <c>--require-auth</c> anybody on this machine.</summary>
    /// <param name="api">The API.</param>
    /// <param name="section">Where its settings are.</param>
    /// <param name="settings">The key.</param>
    public static IResourceBuilder<ProjectResource> WithCallers(this IResourceBuilder<ProjectResource> api, string section, Settings settings) => api
        .WithEnvironment($"{section}__Key", settings.CareKey)
        .WithEnvironment($"{section}__RequireAuth", settings.RequireAuth ? "true" : "false");

    /// <summary>A consumer of the change feed under its own lease prefix; it listens only to be asked for its health.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name, and its lease prefix where there are no others.</param>
    /// <param name="icon">What stands for it in the dashboard, a name of Fluent UI's icons.</param>
    /// <param name="replicas">How many processes.</param>
    /// <param name="store">The events.</param>
    /// <param name="endpoints">Its lease prefixes, where there are several.</param>
    public static IResourceBuilder<ProjectResource> AddWorker<TProject>(
        this IDistributedApplicationBuilder builder, string name, string icon, int replicas, Store store,
        IReadOnlyList<string>? endpoints = null)
        where TProject : IProjectMetadata, new() =>
        builder.AddService<TProject>(name, icon)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithUrlForEndpoint("http", url => (url.DisplayText, url.Url, url.DisplayLocation) = ("Health", "/health", UrlDisplayLocation.DetailsOnly))
            .WithReplicas(replicas)
            .WithEventStore(store)
            .WithRelationship(store.Resource, "Change feed")
            .WithParentRelationship(store.Resource)
            .WithPauseCommands(endpoints);

    /// <summary>What one opens in a browser, each by its name; the first is the one the dashboard shows by itself.</summary>
    public static IResourceBuilder<ProjectResource> WithUrls(
        this IResourceBuilder<ProjectResource> project, params (string Path, string Name)[] pages)
    {
        project.WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = pages[0]);
        foreach (var (path, name) in pages.Skip(1))
            project.WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = path, DisplayText = name });
        return project;
    }

    /// <summary>The payment gateway, the carrier and the like are simulated and keep what they did here.</summary>
    public static IResourceBuilder<ProjectResource> WithSimulators(this IResourceBuilder<ProjectResource> project, Settings settings) =>
        project.WithEnvironment("Simulators__Directory", Path.Combine(settings.DataDirectory, "simulators"));

    /// <summary>Mails become files here.</summary>
    public static IResourceBuilder<ProjectResource> WithMail(this IResourceBuilder<ProjectResource> project, Settings settings) =>
        project.WithEnvironment("Mail__PickupDirectory", Path.Combine(settings.DataDirectory, "mail"));

    /// <summary>It has timers, which the embedded store tells when they are due.</summary>
    public static IResourceBuilder<ProjectResource> WithTimers(this IResourceBuilder<ProjectResource> project, Store store) =>
        project.WithEnvironment("Timers__ObserveExpiry", store.IsEmbedded ? "true" : "false");

    /// <summary>It keeps the views, which can be verified and rebuilt.</summary>
    public static IResourceBuilder<ProjectResource> WithViews(this IResourceBuilder<ProjectResource> project, Store store) => project
        .WithViewCommands(store)
        .WithEnvironment("Erasure__ObserveDeletes", store.IsEmbedded ? "true" : "false");

    private static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, string icon)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, o => o.ExcludeLaunchProfile = true)
            .RunFromBuildOutput()
            .WithIconName(icon)
            // Without launch profiles nothing else says so, and the services would run as Production.
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_ENVIRONMENT", "Development");
#pragma warning disable ASPIRECERTIFICATES001 // Under evaluation: without it a machine that has no development certificate is warned of that.
        return service.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }

    private static (string Setting, string Value)? Archive(Settings settings) => !settings.Sinks.Contains(SinkNames.Archive)
        ? null
        : settings.AddressOf(SinkNames.Archive) is { } account
            ? ("ConnectionStrings__archive", account)
            : ("Sinks__Archive__Directory", Path.Combine(settings.DataDirectory, "sinks", "archive"));

    private static IResourceBuilder<ProjectResource> WithEventStore(this IResourceBuilder<ProjectResource> project, Store store)
    {
        project.WithReference(store.Resource);
        if (store.Archive is { } archive)
            project.WithEnvironment(archive.Setting, archive.Value);
        foreach (var (setting, value) in store.Directory)
            project.WithEnvironment(setting, value);
        // The embedded store keeps versions and deletes where it is told to; an account does by continuous backup.
        return store.IsEmbedded
            ? project.WaitFor(store.Resource).WithEnvironment("Cosmos__VersionRetention", "00:10:00")
            : project;
    }
}

/// <summary>Where the events are: the embedded store or an account.</summary>
/// <param name="Resource">What it is to Aspire.</param>
/// <param name="IsEmbedded">Whether it is the embedded store.</param>
/// <param name="Archive">The setting that says where streams are read that have left it, and its value; null where none has.</param>
/// <param name="Directory">The settings that say that the events follow a directory; empty where they stay.</param>
internal sealed record Store(
    IResourceBuilder<IResourceWithConnectionString> Resource, bool IsEmbedded, (string Setting, string Value)? Archive,
    IReadOnlyDictionary<string, string> Directory);
