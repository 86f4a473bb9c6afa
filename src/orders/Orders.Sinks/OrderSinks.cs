using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orders.Archive;
using Orders.AzureSearch;
using Orders.Cache;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Outward;
using Orders.SearchIndex;
using StackExchange.Redis;

namespace Orders.Sinks;

/// <summary>The sinks of the order system.</summary>
internal static class OrderSinks
{
    /// <summary>Feeds each sink that is enabled.</summary>
    public static WebApplicationBuilder AddSinks(this WebApplicationBuilder builder, SinkSettings settings)
    {
        var sinks = new List<Sink>();
        if (settings.Enabled.Contains(SinkSettings.Search))
            sinks.AddRange(settings.SearchIndex.Generations.Select(generation => Search(settings.SearchIndex, generation)));
        if (settings.Enabled.Contains(SinkSettings.Cache))
        {
            if (settings.CachePort > 0)
                builder.Configuration[$"ConnectionStrings:{CacheOptions.ConnectionName}"] = $"127.0.0.1:{settings.CachePort}";
            builder.Services.AddSingleton(settings);
            builder.Services.AddOrderCache(builder.Configuration, "sinks");
            builder.Services.AddHostedService<CacheStartup>();
            sinks.AddRange(settings.OrderCache.Generations.Select(generation => Cache(settings.OrderCache, generation)));
        }

        if (settings.Enabled.Contains(SinkSettings.ArchiveName))
        {
            builder.Services.TryAddSingleton(settings);
            builder.Services.AddHostedService<ArchiveStartup>();
            sinks.AddRange(settings.Archive.Generations.Select(generation => Archive(settings.Archive, settings.ArchiveLocation, generation)));
        }

        if (settings.Enabled.Contains(SinkSettings.Bus))
        {
            builder.Services.AddOutwardBus(settings.BusOptions);
            sinks.AddRange(settings.OutwardBus.Generations.Select(generation => Bus(settings.OutwardBus, generation)));
        }

        if (settings.Enabled.Contains(SinkSettings.EventHubs))
        {
            builder.Services.AddEventHubs(settings.HubOptions, settings.OutwardHub.Generations);
            sinks.AddRange(settings.OutwardHub.Generations.Select(generation => EventHubs(settings.OutwardHub, generation)));
        }

        if (settings.Enabled.Contains(SinkSettings.AzureSearch))
        {
            builder.Services.AddAzureSearch(settings.ServiceOptions, settings.ServiceIndex.Generations);
            sinks.AddRange(settings.ServiceIndex.Generations.Select(generation => AzureSearch(settings.ServiceIndex, generation)));
        }

        builder.Services.AddSinks(sinks);
        return builder.AddChangeFeed(feed => feed.Feed(sinks));
    }

    /// <summary>The search index of a directory.</summary>
    public static Sink Search(SinkSetting setting, int generation) => Sink.OfDocuments(
        new SearchIndexProjection(),
        _ => new SqliteSearchSink(SearchIndexFile.In(setting.Directory, generation)),
        setting.Options,
        IsErased,
        generation);

    /// <summary>The cache of the connection.</summary>
    public static Sink Cache(SinkSetting setting, int generation) => Sink.OfDocuments(
        new OrderCacheProjection(),
        services => new RedisOrderSink(services.GetRequiredService<IConnectionMultiplexer>(), services.GetRequiredService<CacheOptions>(), generation),
        setting.Options,
        IsErased,
        generation);

    /// <summary>The archive in its table.</summary>
    public static Sink Archive(SinkSetting setting, ArchiveLocation location, int generation) => Sink.OfDeliveries(
        ArchiveTable.Endpoint,
        services => new ArchiveSink(
            location.Table(generation, services.GetRequiredService<TimeProvider>(), "sinks"),
            OrderEvents.Map,
            services.GetRequiredService<ILogger<ArchiveSink>>()),
        setting.Options,
        generation: generation);

    /// <summary>The outward bus. What is told says nothing of persons: there is nothing to take out.</summary>
    public static Sink Bus(SinkSetting setting, int generation) => Sink.OfDocuments(
        new OutwardProjection(OutwardProjection.Bus), services => services.OutwardBusSink(generation), setting.Options, generation: generation);

    /// <summary>The event hub; as the bus.</summary>
    public static Sink EventHubs(SinkSetting setting, int generation) => Sink.OfDocuments(
        new OutwardProjection(OutwardProjection.EventHubs),
        services => new EventHubsSink(services.GetRequiredService<EventHubsOptions>().CreateProducer(generation)),
        setting.Options,
        generation: generation);

    /// <summary>The index of the search service.</summary>
    public static Sink AzureSearch(SinkSetting setting, int generation) => Sink.OfDocuments(
        new SearchIndexProjection(SearchIndexProjection.AzureEndpoint),
        services => new AzureSearchSink(services.GetRequiredService<AzureSearchOptions>().CreateClient(generation)),
        setting.Options,
        IsErased,
        generation);

    private static bool IsErased(RecordedEvent e) => e.Data is PersonalDataErased;
}
