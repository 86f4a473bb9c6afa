using ChangeFeed.Sinks;
using MassTransit;
using MassTransit.Transports.Fabric;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Outward;

/// <summary>The bus others are told by, beside the one that the change feed is dispatched on.</summary>
public interface IOutwardBus : IBus;

/// <summary>Registration of the outward bus.</summary>
public static class OutwardBusExtensions
{
    /// <summary>Adds <see cref="IOutwardBus"/>: a broker where one is set, or else one in memory, on which what is told is only logged.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Which bus.</param>
    public static IServiceCollection AddOutwardBus(this IServiceCollection services, BusOptions options)
    {
        services.AddSingleton(options);
        if (options.HasBroker)
            services.AddHostedService<BusStartup>();
        return services.AddMassTransit<IOutwardBus>(bus =>
        {
            bus.DisableUsageTelemetry();
            if (options.HasBroker)
            {
                bus.UsingRabbitMq((_, broker) =>
                {
                    broker.Host(new Uri(options.ConnectionString), "order-pipeline-sinks", host => host.PublisherConfirmation = true);
                    broker.UseCloudEvents();
                });
                return;
            }

            bus.AddConsumer<LogAnnouncements>();
            bus.UsingInMemory((context, memory) =>
            {
                memory.UseCloudEvents();
                memory.ReceiveEndpoint("outward-log", endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.Bind(options.Exchange, ExchangeType.Topic, "#");
                    endpoint.ConfigureConsumer<LogAnnouncements>(context);
                });
            });
        });
    }

    /// <summary>Adds what is known of the event hub, and looks at start whether it is there.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Which event hub.</param>
    /// <param name="generations">Which of several are written.</param>
    public static IServiceCollection AddEventHubs(this IServiceCollection services, EventHubsOptions options, IReadOnlyList<int> generations) =>
        services.AddSingleton(options).AddHostedService(_ => new EventHubsStartup(options, generations));

    /// <summary>What tells others by <see cref="IOutwardBus"/>.</summary>
    /// <param name="services">Where that is.</param>
    /// <param name="generation">Which exchange: the first has the name of the setting.</param>
    public static BusSink OutwardBusSink(this IServiceProvider services, int generation)
    {
        var options = services.GetRequiredService<BusOptions>();
        return new BusSink(services.GetRequiredService<IOutwardBus>(), options.AddressOf(Sink.NameOf(options.Exchange, generation)));
    }

    private static void UseCloudEvents(this IBusFactoryConfigurator bus)
    {
        bus.ClearSerialization();
        bus.AddSerializer(new CloudEventsSerializer());
        bus.AddDeserializer(new CloudEventsSerializer(), isDefault: true);
    }
}
