using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Sinks.Writing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChangeFeed.Sinks;

/// <summary>Registration of sinks.</summary>
public static class SinkExtensions
{
    // A probe a few seconds after the outside has gone, not the half minute one gives a service that answers wrongly.
    private static readonly KillSwitchSettings KillSwitch = new(0.5, 20, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    /// <summary>The sinks that <see cref="Feed"/> feeds. Needs an event store.</summary>
    /// <param name="services">The services.</param>
    /// <param name="sinks">All sinks of this service.</param>
    public static IServiceCollection AddSinks(this IServiceCollection services, IReadOnlyList<Sink> sinks)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(provider => new SinkWriters(sinks, provider));
    }

    /// <summary>Feeds each sink by an endpoint of its own: lease prefix, parking, replay, pause, lag, health and traces are the endpoint's.</summary>
    /// <param name="feed">The change feed.</param>
    /// <param name="sinks">Those given to <see cref="AddSinks"/>.</param>
    public static void Feed(this ChangeFeedConfigurator feed, IReadOnlyList<Sink> sinks)
    {
        foreach (var sink in sinks)
        {
            feed.Endpoint(sink.Endpoint, endpoint =>
            {
                Configure(endpoint);
                endpoint.ConcurrentStreams = sink.Options.BatchSize;
                endpoint.AddConsumer<WriteToSink>();
            });
            if (sink.ErasureEndpoint is { } erasure)
                feed.Endpoint(erasure, endpoint =>
                {
                    Configure(endpoint);
                    endpoint.AddConsumer<EraseFromSink>();
                });
        }
    }

    private static void Configure(ChangeFeedEndpointConfigurator endpoint)
    {
        endpoint.KillSwitch = KillSwitch;
        endpoint.PermanentFailure<SinkRefusedException>();
        endpoint.OutsideFailure<SinkUnavailableException>();
    }
}

/// <summary>Brings every event to the sink that the endpoint is named after.</summary>
public sealed class WriteToSink(SinkWriters sinks) : IConsumer<RecordedEvent>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RecordedEvent> context)
    {
        var delivery = context.Delivery();
        return sinks.WriteAsync(delivery.Endpoint, new DeliveredEvent(context.Recorded(), delivery.Lease, delivery.Lsn), context.CancellationToken);
    }
}

/// <summary>Takes the streams of erased persons out of the sink whose endpoint of erasure it is.</summary>
public sealed class EraseFromSink(SinkWriters sinks) : IConsumer<RecordedEvent>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RecordedEvent> context) =>
        sinks.EraseAsync(context.Delivery().Endpoint, context.Recorded(), context.CancellationToken);
}
