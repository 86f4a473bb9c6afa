using ChangeFeed.MassTransit.Engine;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Rider;

/// <summary>Runs the source of an endpoint: starts it, again and again while the store cannot be reached, and stops it in order.</summary>
internal sealed class FeedTransport(
    ReceiveEndpointContext context,
    EventDispatcher dispatcher,
    FeedEndpoint endpoint,
    Func<CancellationToken, Task<FeedReading>> open,
    Func<FeedReading, SessionLimits> limits,
    TimeSpan stopTimeout,
    TimeProvider time,
    ILogger logger) : IReceiveTransport
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private volatile Run? _current;

    public ReceiveTransportHandle Start() => _current = new Run(this);

    /// <summary>Stops what is still running. A bus that is told to stop while it is starting does not stop its riders.</summary>
    public Task EnsureStoppedAsync(CancellationToken cancellationToken) => _current?.Stop(cancellationToken) ?? Task.CompletedTask;

    public void Probe(ProbeContext probe) => probe.CreateScope("transport").Add("type", "Cosmos DB change feed");

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            IFeedSource? source = null;
            try
            {
                var reading = await StartSourceAsync(stop);
                source = reading.Source;
                if (await endpoint.SuperviseAsync(reading.Surveillance, stop))
                    logger.LogInformation("{Endpoint}: this leg of the feed is handled to its end; the next one follows.", endpoint.Name);
                else
                    logger.LogError(
                        "{Endpoint}: work waits, nobody owns it, and this instance's processor takes none of it; it is started anew.", endpoint.Name);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }

            await StopSourceAsync(source);
        }

        await context.TransportObservers.NotifyCompleted(context.InputAddress, dispatcher.Metrics);
    }

    private async Task<FeedReading> StartSourceAsync(CancellationToken stop)
    {
        await context.DependenciesReady.WaitAsync(stop);
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var reading = await open(stop);
                endpoint.Engine.Open(limits(reading));
                await reading.Source.StartAsync(endpoint.Engine, stop);
                logger.LogInformation("{Endpoint}: reading the change feed.", endpoint.Name);
                await context.TransportObservers.NotifyReady(context.InputAddress);
                return reading;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                logger.LogWarning(e, "{Endpoint}: the change feed could not be started; tried again in {Pause}.", endpoint.Name, pause);
                await context.TransportObservers.NotifyFaulted(context.InputAddress, e);
                await Task.Delay(pause, time, stop);
            }
        }
    }

    private async Task StopSourceAsync(IFeedSource? source)
    {
        using var deadline = new CancellationTokenSource(stopTimeout, time);
        await endpoint.Engine.StopAsync(deadline.Token);
        try
        {
            await (source?.StopAsync() ?? Task.CompletedTask).WaitAsync(stopTimeout, time);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Endpoint}: the leases could not be given back; another instance takes them when they expire.", endpoint.Name);
        }
    }

    private sealed class Run : ReceiveTransportHandle
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Run(FeedTransport transport)
        {
            // On its own: nothing that is current where the host starts, such as a span, belongs to the events read later.
            using (ExecutionContext.SuppressFlow())
                _running = Task.Run(() => transport.RunAsync(_stop.Token));
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stop.CancelAsync();
            await _running.WaitAsync(cancellationToken);
        }
    }
}
