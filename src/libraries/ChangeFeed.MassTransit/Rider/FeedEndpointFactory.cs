using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Wires what runs behind an endpoint. The one place where the parts meet.</summary>
internal sealed class FeedEndpointFactory(IServiceProvider services)
{
    private readonly ChangeFeedOptions _options = services.GetRequiredService<IOptions<ChangeFeedOptions>>().Value;
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("ChangeFeed.MassTransit");

    public (FeedEndpoint Endpoint, FeedTransport Transport) Create(
        ChangeFeedEndpointConfigurator settings, ReceiveEndpointContext context, WantedTypes wanted)
    {
        var store = services.GetService<EndpointStoreFactory>()?.Invoke(settings)
            ?? new CosmosEndpointStore(settings, services, wanted, _options, _logger);
        var dispatcher = new EventDispatcher(settings, context, wanted);
        var limit = new StreamLimit();
        var gate = new EndpointGate(settings.Name, settings.KillSwitch, limit, _time, _logger);
        var status = new EndpointStatus(_time);
        var types = services.GetRequiredService<EventTypeMap>();
        var handling = new EventHandling(
            settings.Name, settings.OnFailure, types, dispatcher, store.Parking, gate, status, settings.HandlingTimeout, _time, _logger,
            services.GetService<RecentStreams>(), settings.Postponing is { } postpone ? (e, how, why, stop) => postpone(services, e, how, why, stop) : null);
        var engine = new EndpointEngine(settings.Name, handling, limit, _time, _logger);

        var endpoint = new FeedEndpoint(settings.Name, settings.OnFailure, engine, gate, status, store.Parking, _time, _logger);
        var parts = new EndpointParts(engine, handling, gate, status);
        var transport = new FeedTransport(
            context, dispatcher, endpoint, stop => store.OpenAsync(parts, stop), reading => Limits(settings, reading), _options.StopTimeout, _time, _logger);
        return (endpoint, transport);
    }

    private SessionLimits Limits(ChangeFeedEndpointConfigurator settings, FeedReading reading) =>
        new(settings.ConcurrentStreams, reading.Source.AllowsOverlappingPages ? settings.MaxInFlight : 0, _options.CheckpointInterval, reading.Turn);
}
