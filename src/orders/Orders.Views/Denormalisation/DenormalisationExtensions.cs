using ChangeFeed.MassTransit;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Enrichment;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Views.Denormalisation;

/// <summary>Registration of what follows customers and products.</summary>
public static class DenormalisationExtensions
{
    /// <summary>Brings the names of customers and products into the views, when orders are made and when names change.</summary>
    public static WebApplicationBuilder AddNames(this WebApplicationBuilder builder)
    {
        builder.Services.AddNameEnrichment();
        builder.Services.AddSingleton<IRenamingStore, RenamingStore>();
        builder.Services.AddSingleton<Renamer>();
        builder.AddReferenceFeed("names-customers", ReferenceKind.Customer, services => Rename(services, ReferenceKind.Customer));
        builder.AddReferenceFeed("names-products", ReferenceKind.Product, services => Rename(services, ReferenceKind.Product));
        return builder;
    }

    /// <summary>Brings the names into documents that are made.</summary>
    public static IServiceCollection AddNameEnrichment(this IServiceCollection services) => services
        .AddSingleton<ReferenceData>()
        .AddSingleton(provider => new KnownNames(provider.GetRequiredService<ReferenceData>().ReadNameIfAnyAsync, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IViewEnrichment, NameEnrichment>();

    /// <summary>Follows the customers or the products with a feed of its own.</summary>
    /// <param name="builder">The service; it reads the change feed of events too.</param>
    /// <param name="name">Name of the feed.</param>
    /// <param name="kind">What it follows.</param>
    /// <param name="handle">Makes what is done about a change.</param>
    public static WebApplicationBuilder AddReferenceFeed(
        this WebApplicationBuilder builder, string name, ReferenceKind kind, Func<IServiceProvider, HandleChange> handle)
    {
        builder.Services.AddKeyedSingleton(name, (services, _) => new ReferenceFeed(
            name,
            services.GetRequiredService<ReferenceData>().Container(kind),
            services.GetRequiredService<OrdersDatabase>().Leases,
            handle(services),
            services.GetRequiredService<IOptions<ChangeFeedOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<ReferenceFeed>>()));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<ReferenceFeed>(name));
        builder.Services.AddHealthChecks().Add(new(name, services => services.GetRequiredKeyedService<ReferenceFeed>(name), failureStatus: null, tags: null));
        return builder;
    }

    private static HandleChange Rename(IServiceProvider services, ReferenceKind kind)
    {
        var renamer = services.GetRequiredService<Renamer>();
        return (id, cancellationToken) => renamer.RunAsync(new Reference(kind, id), cancellationToken);
    }
}
