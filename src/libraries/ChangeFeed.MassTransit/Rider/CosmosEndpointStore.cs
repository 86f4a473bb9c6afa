using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Controls;
using ChangeFeed.MassTransit.Cosmos;
using ChangeFeed.MassTransit.DeadLetters;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Handling;
using ChangeFeed.MassTransit.Health;
using ChangeFeed.MassTransit.Legs;
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
    private readonly FeedSource _feed;
    private readonly Container? _deadLetters;
    private readonly Container? _controls;
    private readonly CosmosDeadLetterStore? _letters;
    private readonly Parking? _parking;
    private readonly FeedReads _reads;
    private readonly ProcessReads _processReads;

    public CosmosEndpointStore(
        ChangeFeedEndpointConfigurator settings, IServiceProvider services, WantedTypes wanted, ChangeFeedOptions options, ILogger logger)
    {
        (_settings, _options, _logger) = (settings, options, logger);
        var types = services.GetRequiredService<EventTypeMap>();
        _reads = new FeedReads(
            settings.Linger, settings.Linger > TimeSpan.Zero ? WantedTypes.NamesIn(types, settings.Expedited.Contains) : wanted.NamesIn(types));
        _time = services.GetRequiredService<TimeProvider>();
        _processReads = services.GetRequiredService<ProcessReads>();
        _feed = settings.Feed!(services);
        _controls = settings.Controls?.Invoke(services);
        _deadLetters = settings.DeadLetters?.Invoke(services);
        if (_deadLetters is null) return;
        _letters = new CosmosDeadLetterStore(_deadLetters, settings.Name);
        _parking = new Parking(settings.Name, _letters, _options, _time);
    }

    public IParking? Parking => _parking;

    public async Task<FeedReading> OpenAsync(EndpointParts parts, CancellationToken cancellationToken)
    {
        var route = await _feed.Route.GetAsync(0, cancellationToken);
        var turn = await new EndpointTurns(_settings.Name, _feed.Leases).CurrentAsync(route, cancellationToken);
        if (turn > route.Turn)
            route = await _feed.Route.GetAsync(turn - 1, cancellationToken); // other instances know it already
        var reading = LegReading.Of(_settings.Name, route, turn);
        return new FeedReading(new ProcessorSource(reading, _feed.Leases, _reads, _options, _logger), reading.Turn, Survey(reading, route, parts));
    }

    private Surveillance Survey(LegReading reading, FeedRoute route, EndpointParts parts)
    {
        var follower = new LegFollower(reading, _feed.Route, route, _feed.Leases, _options, _time);
        var lag = new LagMonitor(
            parts.Engine, new LagEstimate(reading, _feed.Leases), new WaitingLeg(reading, () => follower.Route, _feed.Leases), _options, _time);
        var tasks = new List<PeriodicTask>
        {
            new("looking which leg is to be read", LegFollower.ShortestPause, follower.LookAsync),
            new("measuring the lag", _options.LagInterval, lag.MeasureAsync),
        };

        HeartbeatWriter? heartbeat = null;
        if (_controls is not null)
        {
            heartbeat = new HeartbeatWriter(_settings.Name, parts.Engine, parts.Gate, parts.Status, _controls, _time);
            tasks.Add(InStep("looking whether it is paused", Pause(parts.Gate, _processReads.Controls(_controls))));
            tasks.Add(new("telling how it stands", _options.HeartbeatInterval, heartbeat.WriteAsync));
        }

        if (_letters is not null)
            tasks.Add(InStep("looking for requests", Requests(reading, parts).PollAsync));
        return new Surveillance(lag, heartbeat, follower, tasks);
    }

    private RequestWatcher Requests(LegReading reading, EndpointParts parts)
    {
        var current = new CurrentDocument(_feed.Route);
        var runner = new RequestRunner(_letters!, _parking!, ReplayAsync, _time);
        return new RequestWatcher(
            _settings.Name, parts.Engine, _letters!, _parking!, runner, _processReads.DeadLetters(_deadLetters!).Follow(_settings.Name),
            reading.Leases(_feed.Leases), new StreamLocator(reading.Leg.Container), _logger);

        async Task<HandlingFailure?> ReplayAsync(DeadLetter letter, CancellationToken cancellationToken) =>
            await parts.Handling.ReplayAsync(
                FeedItem.Read("replay", letter.Corrected ?? await current.ReadAsync(letter.Document, cancellationToken)), cancellationToken);
    }

    private PeriodicTask InStep(string name, Func<CancellationToken, Task> run) =>
        new(name, _options.ControlInterval, run) { UntilNext = _processReads.UntilNext };

    private Func<CancellationToken, Task> Pause(EndpointGate gate, SharedControls controls) =>
        async cancellationToken => gate.Apply(await controls.GetAsync(_settings.Name, cancellationToken));
}
