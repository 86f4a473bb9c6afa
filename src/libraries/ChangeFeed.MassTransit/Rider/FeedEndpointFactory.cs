using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using MassTransit;
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

    public (FeedEndpoint Endpoint, FeedTransport Transport) Create(ChangeFeedEndpointConfigurator settings, ReceiveEndpointContext context, WantedTypes wanted)
    {
        var dispatcher = new EventDispatcher(settings, context, wanted);
        var limit = new StreamLimit();
        var gate = new EndpointGate(settings.Name, settings.KillSwitch, limit, _time, _logger);
        var state = new EndpointStatus(_time);
        var letters = settings.DeadLetters is { } deadLetters ? new CosmosDeadLetterStore(deadLetters(services), settings.Name) : null;
        var parking = letters is null ? null : new Parking(settings.Name, letters, _options, _time);
        var handling = new EventHandling(
            settings.Name, settings.OnFailure, services.GetRequiredService<EventTypeMap>(), dispatcher, settings.ParkingOverride ?? parking, gate, state,
            settings.HandlingTimeout, _time, _logger);
        var engine = new EndpointEngine(settings.Name, handling, limit, _time, _logger);

        LagMonitor? lag = null;
        HeartbeatWriter? heartbeat = null;
        var tasks = new List<PeriodicTask>();
        if (settings.SourceOverride is null)
        {
            var (monitored, leases) = settings.Containers!(services);
            var directory = new LeaseDirectory(settings.Name, monitored, leases);
            lag = new LagMonitor(engine, new LagEstimate(settings.Name, monitored, leases, directory), _options, _time);
            tasks.Add(new("measuring the lag", _options.LagInterval, lag.MeasureAsync));
            if (settings.Controls is { } controls)
            {
                heartbeat = new HeartbeatWriter(settings.Name, engine, gate, state, controls(services), _time);
                tasks.Add(new("looking whether it is paused", _options.ControlInterval, Pause(settings.Name, controls(services), gate)));
                tasks.Add(new("telling how it stands", _options.HeartbeatInterval, heartbeat.WriteAsync));
            }

            if (letters is not null)
                tasks.Add(new("looking for requests", _options.ControlInterval, Requests(settings, letters, parking!, handling, engine, directory, monitored).PollAsync));
        }

        var endpoint = new FeedEndpoint(settings.Name, settings.OnFailure, engine, gate, state, parking, lag, heartbeat, tasks, _time, _logger);
        var transport = new FeedTransport(
            context, dispatcher, endpoint, () => settings.CreateSource(services, _options, _logger), source => Limits(settings, source), _options.StopTimeout, _time, _logger);
        return (endpoint, transport);
    }

    private RequestWatcher Requests(
        ChangeFeedEndpointConfigurator settings, CosmosDeadLetterStore letters, Parking parking, EventHandling handling, EndpointEngine engine, LeaseDirectory directory, Microsoft.Azure.Cosmos.Container monitored)
    {
        var current = new CurrentDocument(monitored);
        var runner = new RequestRunner(
            letters, parking, async (document, token) => await handling.ReplayAsync(FeedItem.Read("replay", await current.ReadAsync(document, token)), token), _time);
        var changes = new PartitionKeyFeed(settings.DeadLetters!(services), settings.Name);
        return new RequestWatcher(settings.Name, engine, letters, parking, runner, changes, directory, new StreamLocator(monitored), _logger);
    }

    private Func<CancellationToken, Task> Pause(string name, Microsoft.Azure.Cosmos.Container container, EndpointGate gate)
    {
        var controls = new ChangeFeedControls(container, _time);
        return async cancellationToken => gate.Apply(await controls.GetAsync(name, cancellationToken));
    }

    private SessionLimits Limits(ChangeFeedEndpointConfigurator settings, IFeedSource source) =>
        new(settings.ConcurrentStreams, source.AllowsOverlappingPages ? settings.MaxInFlight : 0, _options.CheckpointInterval);
}
