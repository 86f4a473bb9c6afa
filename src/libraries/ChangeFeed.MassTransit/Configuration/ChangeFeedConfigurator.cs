using MassTransit;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit;

/// <summary>The change feed of a service: where it comes from, and who reads it.</summary>
public sealed class ChangeFeedConfigurator
{
    private readonly List<ChangeFeedEndpointConfigurator> _endpoints = [];
    private Func<IServiceProvider, FeedSource>? _source;
    private Func<IServiceProvider, Container>? _deadLetters;
    private Func<IServiceProvider, Container>? _controls;

    internal ChangeFeedConfigurator()
    {
    }

    internal IReadOnlyList<ChangeFeedEndpointConfigurator> Endpoints => _endpoints;

    internal Action<IBusRegistrationConfigurator> BusConfiguration { get; private set; } = bus => bus.UsingInMemory();

    internal Action<IRiderRegistrationConfigurator>? RiderConfiguration { get; private set; }

    /// <summary>The container whose changes are read, and the one that keeps how far each reader is.</summary>
    /// <param name="monitored">The container whose changes are read, such as that of the events.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    public void Source(Func<IServiceProvider, Container> monitored, Func<IServiceProvider, Container> leases) =>
        Source(services => new FixedRoute(monitored(services)), leases);

    /// <summary>Containers that serve in turns, and the one that keeps how far each reader is.</summary>
    /// <param name="route">Says which container serves.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    public void Source(Func<IServiceProvider, IFeedRoute> route, Func<IServiceProvider, Container> leases) =>
        _source = services => new FeedSource(route(services), leases(services));

    /// <summary>The container, with partition key <c>/endpoint</c>, that keeps parked and skipped events and what is asked for them.</summary>
    /// <param name="container">Finds the container.</param>
    public void DeadLetters(Func<IServiceProvider, Container> container) => _deadLetters = container;

    /// <summary>The container, with partition key <c>/endpoint</c>, in which endpoints are paused and resumed.</summary>
    /// <param name="container">Finds the container.</param>
    public void Controls(Func<IServiceProvider, Container> container) => _controls = container;

    /// <summary>Adds a reader.</summary>
    /// <param name="name">Lower-case words joined by hyphens; unique in the whole system, since it names the leases.</param>
    /// <param name="configure">Its consumers and settings.</param>
    public void Endpoint(string name, Action<ChangeFeedEndpointConfigurator> configure)
    {
        var endpoint = new ChangeFeedEndpointConfigurator(name);
        configure(endpoint);
        _endpoints.Add(endpoint);
    }

    /// <summary>The bus that consumers publish to; in memory when not called.</summary>
    /// <param name="configure">Chooses the transport.</param>
    public void Bus(Action<IBusRegistrationConfigurator> configure) => BusConfiguration = configure;

    /// <summary>Registers what endpoints configure besides consumers, such as saga state machines.</summary>
    /// <param name="configure">Registers; may be given more than once.</param>
    public void Register(Action<IRiderRegistrationConfigurator> configure) => RiderConfiguration += configure;

    internal void Complete()
    {
        foreach (var endpoint in _endpoints)
            endpoint.UseDefaults(_source, _deadLetters, _controls);
        var problems = _endpoints.SelectMany(e => e.Validate())
            .Concat(_endpoints.GroupBy(e => e.Name).Where(g => g.Count() > 1).Select(g => $"Endpoint '{g.Key}' is added {g.Count()} times."))
            .ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException("The change feed is not configured correctly. " + string.Join(" ", problems));
    }
}
