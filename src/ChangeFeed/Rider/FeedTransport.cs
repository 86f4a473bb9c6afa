using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using OrderPipeline.ChangeFeed.Engine;

namespace OrderPipeline.ChangeFeed.Rider;

/// <summary>Starts the source of an endpoint, again and again while the store cannot be reached, and stops it in order.</summary>
internal sealed class FeedTransport(
    ReceiveEndpointContext context,
    EventDispatcher dispatcher,
    EndpointEngine engine,
    Func<IFeedSource> createSource,
    Func<IFeedSource, SessionLimits> limits,
    TimeSpan stopTimeout,
    TimeProvider time,
    ILogger logger) : IReceiveTransport
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    public ReceiveTransportHandle Start() => new Run(this);

    public void Probe(ProbeContext probe) => probe.CreateScope("transport").Add("type", "Cosmos DB change feed");

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    private async Task<IFeedSource> StartSourceAsync(CancellationToken stop)
    {
        await context.DependenciesReady.WaitAsync(stop);
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var source = createSource();
                engine.Open(limits(source));
                await source.StartAsync(engine, stop);
                logger.LogInformation("{Address}: reading the change feed.", context.InputAddress);
                await context.TransportObservers.NotifyReady(context.InputAddress);
                return source;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                logger.LogWarning(e, "{Address}: the change feed could not be started; tried again in {Pause}.", context.InputAddress, pause);
                await context.TransportObservers.NotifyFaulted(context.InputAddress, e);
                await Task.Delay(pause, time, stop);
            }
        }
    }

    private async Task StopSourceAsync(IFeedSource source, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(stopTimeout);
        await engine.StopAsync(deadline.Token);
        try
        {
            await source.StopAsync().WaitAsync(stopTimeout, time, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Address}: the leases could not be given back; another instance takes them when they expire.", context.InputAddress);
        }

        await CompletedAsync();
    }

    private Task RefuseAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    private Task CompletedAsync() => context.TransportObservers.NotifyCompleted(context.InputAddress, dispatcher.Metrics);

    private sealed class Run : ReceiveTransportHandle
    {
        private readonly FeedTransport _transport;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task<IFeedSource> _source;

        public Run(FeedTransport transport)
        {
            _transport = transport;
            // On its own: nothing that is current where the host starts, such as a span, belongs to the events read later.
            using (ExecutionContext.SuppressFlow())
                _source = Task.Run(() => transport.StartSourceAsync(_stop.Token));
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stop.CancelAsync();
            try
            {
                await _transport.StopSourceAsync(await _source, cancellationToken);
            }
            catch (OperationCanceledException) when (_source.IsCanceled)
            {
                await _transport.RefuseAsync(cancellationToken); // what the source may still begin
                await _transport.CompletedAsync();
            }
        }
    }
}
