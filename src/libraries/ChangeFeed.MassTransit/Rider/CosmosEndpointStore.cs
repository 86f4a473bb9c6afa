using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>An endpoint on Cosmos DB.</summary>
internal sealed class CosmosEndpointStore : IEndpointStore
{
    private readonly ChangeFeedEndpointConfigurator _settings;
    private readonly ChangeFeedOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Container _monitored;
    private readonly Container _leases;
    private readonly Container? _deadLetters;
    private readonly Container? _controls;
    private readonly CosmosDeadLetterStore? _letters;
    private readonly Parking? _parking;
    private readonly FeedReads _reads;

    public CosmosEndpointStore(
        ChangeFeedEndpointConfigurator settings, IServiceProvider services, WantedTypes wanted, ChangeFeedOptions options, ILogger logger)
    {
        (_settings, _options, _logger) = (settings, options, logger);
        var types = services.GetRequiredService<EventTypeMap>();
        _reads = new FeedReads(
            settings.Linger, settings.Linger > TimeSpan.Zero ? WantedTypes.NamesIn(types, settings.Expedited.Contains) : wanted.NamesIn(types));
        _time = services.GetRequiredService<TimeProvider>();
        var feed = settings.Feed!(services);
        (_monitored, _leases) = (feed.Route.GetAsync(0, CancellationToken.None).GetAwaiter().GetResult().Serving.Container, feed.Leases);
        _controls = settings.Controls?.Invoke(services);
        _deadLetters = settings.DeadLetters?.Invoke(services);
        if (_deadLetters is null) return;
        _letters = new CosmosDeadLetterStore(_deadLetters, settings.Name);
        _parking = new Parking(settings.Name, _letters, _options, _time);
    }

    public IParking? Parking => _parking;

    public IFeedSource CreateSource() => new ProcessorSource(_settings.Name, _monitored, _leases, _reads, _options, _logger);

    public Surveillance Survey(EndpointEngine engine, EventHandling handling, EndpointGate gate, EndpointStatus status)
    {
        var directory = new LeaseDirectory(_settings.Name, _monitored, _leases);
        var lag = new LagMonitor(engine, new LagEstimate(_settings.Name, _monitored, _leases, directory), _options, _time);
        var tasks = new List<PeriodicTask> { new("measuring the lag", _options.LagInterval, lag.MeasureAsync) };

        HeartbeatWriter? heartbeat = null;
        if (_controls is not null)
        {
            heartbeat = new HeartbeatWriter(_settings.Name, engine, gate, status, _controls, _time);
            tasks.Add(new("looking whether it is paused", _options.ControlInterval, Pause(gate, new ChangeFeedControls(_controls, _time))));
            tasks.Add(new("telling how it stands", _options.HeartbeatInterval, heartbeat.WriteAsync));
        }

        if (_letters is not null)
            tasks.Add(new("looking for requests", _options.ControlInterval, Requests(engine, handling, directory).PollAsync));
        return new Surveillance(lag, heartbeat, tasks);
    }

    private RequestWatcher Requests(EndpointEngine engine, EventHandling handling, LeaseDirectory directory)
    {
        var current = new CurrentDocument(_monitored);
        var runner = new RequestRunner(_letters!, _parking!, ReplayAsync, _time);
        var changes = new PartitionKeyFeed(_deadLetters!, _settings.Name);
        return new RequestWatcher(_settings.Name, engine, _letters!, _parking!, runner, changes, directory, new StreamLocator(_monitored), _logger);

        async Task<HandlingFailure?> ReplayAsync(DeadLetter letter, CancellationToken cancellationToken) =>
            await handling.ReplayAsync(
                FeedItem.Read("replay", letter.Corrected ?? await current.ReadAsync(letter.Document, cancellationToken)), cancellationToken);
    }

    private Func<CancellationToken, Task> Pause(EndpointGate gate, ChangeFeedControls controls) =>
        async cancellationToken => gate.Apply(await controls.GetAsync(_settings.Name, cancellationToken));
}
