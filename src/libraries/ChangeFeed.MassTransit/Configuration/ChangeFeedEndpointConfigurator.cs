using System.Text.RegularExpressions;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Rider;
using MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>Takes care of an event that failed after all retries, instead of having its stream parked.</summary>
/// <param name="services">The services of the process.</param>
/// <param name="e">The event.</param>
/// <param name="delivery">How it reached the endpoint.</param>
/// <param name="failure">What it failed with.</param>
/// <param name="cancellationToken">Ends with the tenure of the lease.</param>
/// <returns>False where nothing better is to be done: the stream is parked.</returns>
public delegate Task<bool> PostponeEvent(
    IServiceProvider services, RecordedEvent e, FeedDelivery delivery, Exception failure, CancellationToken cancellationToken);

/// <summary>One reader of the change feed: its consumers, and how it treats them.</summary>
public sealed partial class ChangeFeedEndpointConfigurator
{
    private readonly List<Action<IRiderRegistrationConfigurator>> _registrations = [];
    private readonly List<Action<IRiderRegistrationContext, IReceiveEndpointConfigurator>> _configurations = [];
    private readonly List<Type> _permanent = [];
    private readonly List<Type> _expedited = [];
    private readonly List<Type> _outside = [];
    private Action<IRetryConfigurator> _retry = DefaultRetry;

    internal ChangeFeedEndpointConfigurator(string name)
    {
        Name = NamePattern().IsMatch(name)
            ? name
            : throw new ArgumentException(
                $"'{name}' is no endpoint name: lower-case words joined by hyphens, such as 'tax-audit', 2 to 60 characters. It becomes the lease prefix 'name:'.", nameof(name));
    }

    /// <summary>The name; with a colon behind it, the prefix of its leases.</summary>
    public string Name { get; }

    /// <summary>Streams of one partition handled at the same time; events of one stream always one at a time. 1 to 1000.</summary>
    public int ConcurrentStreams { get; set; } = 16;

    /// <summary>
    /// How far a partition is read beyond its first unfinished event, in documents, so that one slow stream does not hold up the others;
    /// also what a crash at most repeats. 1 to 100,000. Needs <see cref="ChangeFeedRequestHandler"/> on the client of the monitored
    /// container; without it pages do not overlap.
    /// </summary>
    public int MaxInFlight { get; set; } = 2000;

    /// <summary>
    /// How long handling an event may take, its retries included; 100 ms to 1 hour. Then its consumers' token is cancelled, and it has failed.
    /// An endpoint whose consumer does not heed its token says that it is stuck. Keep it below <see cref="ChangeFeedOptions.StallAfter"/>.
    /// </summary>
    public TimeSpan HandlingTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long an event may be late so that more come with it, which saves reads, and writes where a consumer handles <see cref="FeedDelivery.Ahead"/>
    /// at once; 0 to 10 seconds. Needs a store that holds reads open; elsewhere the poll interval does the same.
    /// </summary>
    public TimeSpan Linger { get; set; }

    /// <summary>What becomes of an event that fails after all retries.</summary>
    public FailurePolicy OnFailure { get; set; } = FailurePolicy.Park;

    /// <summary>
    /// Stops the endpoint for a while when too many of its events fail, by default when half of at least 20 within a minute do, for 30
    /// seconds at a time; then one event is tried, and one that fails that trial meets <see cref="OnFailure"/>. Null for never.
    /// </summary>
    public KillSwitchSettings? KillSwitch { get; set; } = new(0.5, 20, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30));

    internal Func<IServiceProvider, FeedSource>? Feed { get; private set; }

    internal Func<IServiceProvider, Container>? DeadLetters { get; private set; }

    internal Func<IServiceProvider, Container>? Controls { get; private set; }

    /// <summary>Adds a consumer. <c>IConsumer&lt;RecordedEvent&gt;</c> gets every event of a known type, whatever it is.</summary>
    public void AddConsumer<T>()
        where T : class, IConsumer
    {
        _registrations.Add(rider => rider.AddConsumer<T>());
        _configurations.Add((context, endpoint) => endpoint.ConfigureConsumer<T>(context));
    }

    /// <summary>
    /// Replaces the retry inside this process, by default 5 more attempts over about 3 seconds. Keep the sum well under
    /// <see cref="ChangeFeedOptions.LeaseExpirationInterval"/>: meanwhile the event holds one of the concurrent streams.
    /// </summary>
    /// <param name="retry">How often and with which pauses.</param>
    public void Retry(Action<IRetryConfigurator> retry) => _retry = retry;

    /// <summary>
    /// Says that an exception of this type, or one derived from it, is about its event and nothing else: a recipient that does not exist,
    /// a request that is refused for what it says. Such an event is not tried again but meets <see cref="OnFailure"/> at once, also while
    /// the kill switch is probing, and never counts towards the switch.
    /// </summary>
    public void PermanentFailure<T>()
        where T : Exception => _permanent.Add(typeof(T));

    /// <summary>
    /// Says that an event of this type is not to be late: it ends a <see cref="Linger"/>, and comes at once with those before it.
    /// </summary>
    public void Expedite<T>() => _expedited.Add(typeof(T));

    /// <summary>
    /// Says that an exception of this type, or one derived from it, is about the outside as a whole and not about its event: a server that
    /// does not answer. No event is put aside for it, whatever <see cref="OnFailure"/> says: it waits and is tried again without end, with
    /// pauses of up to 30 seconds, and counts towards the kill switch. The consumer has tried again itself; <see cref="Retry"/> does not.
    /// </summary>
    public void OutsideFailure<T>()
        where T : Exception => _outside.Add(typeof(T));

    /// <summary>
    /// Asks, before the stream of an event is parked that failed after all retries, whether the service does something better with it, such as to
    /// try it again tomorrow: then the event counts as handled, and its stream goes on. For the kill switch it has failed all the same.
    /// </summary>
    /// <param name="postpone">
    /// Returns whether the event is taken care of. Called again where it throws, and where this instance is killed before its checkpoint.
    /// </param>
    public void Postpone(PostponeEvent postpone) => Postponing = postpone;

    internal PostponeEvent? Postponing { get; private set; }

    /// <summary>Anything else MassTransit can do on an endpoint: filters, sagas, an in-memory outbox.</summary>
    /// <param name="configure">Configures the endpoint; may be given more than once.</param>
    public void Configure(Action<IRiderRegistrationContext, IReceiveEndpointConfigurator> configure) => _configurations.Add(configure);

    /// <summary>Reads another container than the other endpoints.</summary>
    /// <param name="monitored">The container whose changes are read.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    public void Source(Func<IServiceProvider, Container> monitored, Func<IServiceProvider, Container> leases) =>
        Source(services => new FixedRoute(monitored(services)), leases);

    /// <summary>Reads other containers, which serve in turns, than the other endpoints.</summary>
    /// <param name="route">Says which container serves.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    public void Source(Func<IServiceProvider, IFeedRoute> route, Func<IServiceProvider, Container> leases) =>
        Feed = services => new FeedSource(route(services), leases(services));

    internal IReadOnlyList<Type> Expedited => _expedited;

    internal void Register(IRiderRegistrationConfigurator rider)
    {
        foreach (var register in _registrations)
            register(rider);
    }

    internal void Apply(IReceiveEndpointConfigurator endpoint, IRiderRegistrationContext context)
    {
        endpoint.UseMessageRetry(retry =>
        {
            _retry(retry);
            retry.Ignore<Exception>(failure => IsPermanent(failure) || IsOutside(failure));
            retry.ConnectRetryObserver(new AttemptCounter());
        });
        foreach (var configure in _configurations)
            configure(context, endpoint);
    }

    internal bool IsPermanent(Exception failure) => _permanent.Exists(type => type.IsInstanceOfType(failure));

    internal bool IsOutside(Exception failure) => _outside.Exists(type => type.IsInstanceOfType(failure));

    internal IEnumerable<string> Validate()
    {
        if (ConcurrentStreams is < 1 or > 1000)
            yield return $"Endpoint '{Name}': ConcurrentStreams is {ConcurrentStreams}; it must be 1 to 1000.";
        if (MaxInFlight is < 1 or > 100_000)
            yield return $"Endpoint '{Name}': MaxInFlight is {MaxInFlight}; it must be 1 to 100000.";
        if (HandlingTimeout < TimeSpan.FromMilliseconds(100) || HandlingTimeout > TimeSpan.FromHours(1))
            yield return $"Endpoint '{Name}': HandlingTimeout is {HandlingTimeout}; it must be 100 ms to 1 hour.";
        if (Linger < TimeSpan.Zero || Linger > TimeSpan.FromSeconds(10))
            yield return $"Endpoint '{Name}': Linger is {Linger}; it must be 0 to 10 seconds.";
        if (Feed is null)
            yield return $"Endpoint '{Name}' has no source: call Source on the change feed or on the endpoint.";
        if (KillSwitch is { } k && (k.Threshold is <= 0 or > 1 || k.Minimum < 1 || k.Window <= TimeSpan.Zero || k.Pause <= TimeSpan.Zero))
            yield return $"Endpoint '{Name}': KillSwitch needs a Threshold above 0 and at most 1, a Minimum of at least 1, and a Window and Pause longer than zero.";
        if (OnFailure != FailurePolicy.Block && DeadLetters is null)
            yield return $"Endpoint '{Name}' has OnFailure = {OnFailure}, which needs a dead-letter container: call DeadLetters on the change feed, or choose Block.";
    }

    internal void UseDefaults(
        Func<IServiceProvider, FeedSource>? source,
        Func<IServiceProvider, Container>? deadLetters,
        Func<IServiceProvider, Container>? controls)
    {
        Feed ??= source;
        DeadLetters = deadLetters;
        Controls = controls;
    }

    private static void DefaultRetry(IRetryConfigurator retry) =>
        retry.Exponential(5, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100));

    [GeneratedRegex("^(?=.{2,60}\\z)[a-z][a-z0-9]*(-[a-z0-9]+)*\\z")]
    private static partial Regex NamePattern();
}
