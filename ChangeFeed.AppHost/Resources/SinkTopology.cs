using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Options;

namespace ChangeFeed.AppHost.Resources;

/// <summary>The outside stores that are fed from the events, each by a process of its own, and who reads them.</summary>
internal static class SinkTopology
{
    /// <summary>Starts the sinks that were asked for, and tells the services that can use them where they are.</summary>
    public static void AddSinks(
        this IDistributedApplicationBuilder builder, Settings settings, Store store, IResourceBuilder<ProjectResource> orders,
        IResourceBuilder<ProjectResource> care)
    {
        var directory = Path.Combine(settings.DataDirectory, "sinks");
        if (settings.Sinks.Contains(SinkNames.Search))
        {
            var index = Path.Combine(directory, "search");
            builder.AddSink(SinkNames.Search, "Search", store, "search-index", "search-index-erasure").WithEnvironment("Sinks__Search__Directory", index);
            care.WithEnvironment("SearchIndex__File", Path.Combine(index, "search-index.db"));
        }

        if (settings.Sinks.Contains(SinkNames.Cache))
        {
            var cache = builder.AddSink(SinkNames.Cache, "DatabaseLightning", store, "order-cache", "order-cache-erasure");
            var (address, port) = (settings.AddressOf(SinkNames.Cache), 0);
            if (address is null)
            {
                port = settings.Port("Cache", 0, "the cache");
                address = $"127.0.0.1:{port}";
                cache.WithEnvironment("Sinks__Cache__Directory", Path.Combine(directory, "cache"));
            }

            cache.WithEnvironment("Sinks__Cache__Port", port.ToString(CultureInfo.InvariantCulture)).WithEnvironment("ConnectionStrings__cache", address);
            orders.WithEnvironment("ConnectionStrings__cache", address);
        }

        if (settings.Sinks.Contains(SinkNames.Archive))
            builder.AddSink(SinkNames.Archive, "Archive", store, "archive"); // every service is told where it is: they read it too
        if (settings.Sinks.Contains(SinkNames.Bus))
            builder.AddSink(SinkNames.Bus, "Megaphone", store, "outward-bus")
                .WithEnvironment("ConnectionStrings__bus", settings.AddressOf(SinkNames.Bus) ?? "");
        if (settings.Sinks.Contains(SinkNames.EventHubs))
            builder.AddSink(SinkNames.EventHubs, "StreamOutput", store, "outward-event-hubs")
                .WithEnvironment("ConnectionStrings__event-hubs", settings.AddressOf(SinkNames.EventHubs));
        if (settings.Sinks.Contains(SinkNames.AzureSearch))
            builder.AddSink(SinkNames.AzureSearch, "CloudArrowUp", store, "azure-search", "azure-search-erasure")
                .WithEnvironment("ConnectionStrings__azure-search", settings.AddressOf(SinkNames.AzureSearch));
    }

    private static IResourceBuilder<ProjectResource> AddSink(
        this IDistributedApplicationBuilder builder, string name, string icon, Store store, params string[] endpoints) =>
        builder.AddWorker<Projects.Orders_Sinks>($"{name}-sink", icon, replicas: 1, store, endpoints)
            .WithEnvironment("Sinks__Enabled", name);
}
