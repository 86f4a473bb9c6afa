using System.Diagnostics;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Telemetry;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Handling;

/// <summary>
/// What happens to one document: uninteresting ones are passed over before anything is bound; one of a parked stream waits behind
/// the others; the rest goes to the consumers, and what they cannot handle to the failure policy.
/// </summary>
internal sealed class EventHandling(
    string endpoint,
    FailurePolicy policy,
    EventTypeMap types,
    IEventDispatcher dispatcher,
    IParking? parking,
    EndpointGate gate,
    EndpointStatus state,
    TimeSpan timeout,
    TimeProvider time,
    ILogger logger,
    RecentStreams? recent = null,
    Func<RecordedEvent, FeedDelivery, Exception, CancellationToken, Task<bool>>? postpone = null) : IEventHandling
{
    private const int MaxHolds = 3;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan UntilGateOpens = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GraceForConsumers = TimeSpan.FromSeconds(5);

    private readonly Deliveries _deliveries = new(endpoint, types, time);

    public Task PrepareAsync(string lease, CancellationToken cancellationToken) =>
        parking?.PrepareAsync(lease, cancellationToken) ?? Task.CompletedTask;

    public void Saw(FeedItem item)
    {
        if (ColdMark.IsOn(item.Document))
            recent?.Forget(item.Stream);
        else if (item.Header is { } header)
            recent?.Add(header, item.Document);
    }

    public bool Wants(FeedItem item)
    {
        if (ColdMark.IsOn(item.Document))
            return false; // the stream moved to the archive or back, long after all of its events were handled
        if (item.Header is not { } header)
            return true; // not an event: the policy has to hear of it
        if (types.TryGetClrType(header.Type, out var clr))
            return dispatcher.Wants(clr);

        // Another vocabulary may live in the same container. A known name with an unknown schema is another matter: that fails.
        ChangeFeedMetrics.UnknownType(endpoint, header.Type);
        logger.LogDebug(
            "{Endpoint}: event {StreamId}/{Version} has the unknown type {Type} and is passed over.", endpoint, header.StreamId, header.Version, header.Type);
        return false;
    }

    public async Task<TimeSpan?> HandleAsync(FeedItem item, CancellationToken cancellationToken)
    {
        using var scope = Scope(item);
        Activity? span = null;
        try
        {
            if (parking is not null && parking.IsParked(item.Stream) && await parking.TryQueueAsync(item, cancellationToken))
            {
                state.Unblocked(item);
                ChangeFeedMetrics.PutAside(endpoint, item.Header?.Type);
                span = ProcessSpan.Start(endpoint, item);
                span.Ended("queued");
                return null;
            }

            // No span before there is a permit: a switch that is tripped would make one for every look.
            if (gate.Begin() is not { } permit)
                return UntilGateOpens;
            span = ProcessSpan.Start(endpoint, item);
            var failure = await ConsumeAsync(item, permit, span, cancellationToken);
            if (failure is not null)
            {
                state.Failed(failure.Exception.Message, item);
                span.Failed(failure);
                if (Waits(item, permit, failure))
                {
                    span.Ended("held");
                    return UntilGateOpens;
                }

                if (await IsPostponedAsync(item, failure, cancellationToken))
                {
                    span.Ended("postponed");
                    return null;
                }

                span.Ended(Outcome(failure.Under(policy)));
                return await FailAsync(item, failure, cancellationToken);
            }

            state.Handled(item);
            span.Ended("handled");
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Only what keeps failed events throws here. Without it the event must not be passed over: it waits.
            var pause = NextPause(item);
            span.Failed(new HandlingFailure(e, Attempts: 1));
            span.Ended(Outcome(FailurePolicy.Block));
            state.Failed($"Could not be put aside: {e.Message}", item);
            state.Blocked(item, new HandlingFailure(new InvalidOperationException($"Could not be put aside: {e.Message}", e), Attempts: 1));
            logger.LogError(
                e, "{Endpoint}: event {StreamId}/{Version} failed and could not be put aside; tried again in {Pause}.", endpoint, item.Stream, item.Version,
                pause);
            return pause;
        }
        finally
        {
            span?.Dispose();
        }
    }

    public void Forget(string lease) => state.Forget(lease);

    /// <summary>Hands a parked document to the consumers once more, without the failure policy.</summary>
    public async Task<HandlingFailure?> ReplayAsync(FeedItem item, CancellationToken cancellationToken)
    {
        using var span = ProcessSpan.Start(endpoint, item);
        using var scope = Scope(item);
        var failure = await ConsumeAsync(item, span, cancellationToken);
        if (failure is not null)
            span.Failed(failure);
        span.Ended(failure is null ? "handled" : Outcome(FailurePolicy.Park));
        return failure;
    }

    private IDisposable? Scope(FeedItem item) =>
        logger.BeginScope("{EventType} at version {Version} of stream {StreamId}", item.Header?.Type, item.Version, item.Stream);

    private static string Outcome(FailurePolicy policy) => policy switch
    {
        FailurePolicy.Block => "blocked",
        FailurePolicy.Skip => "skipped",
        _ => "parked",
    };

    private async Task<HandlingFailure?> ConsumeAsync(FeedItem item, Activity? span, CancellationToken cancellationToken)
    {
        RecordedEvent recorded;
        try
        {
            recorded = item.Problem is null ? EventDocument.Read(item.Document, types) : throw item.Problem;
        }
        catch (Exception e) when (e is EventDocumentException or UnknownEventException or JsonException)
        {
            return new HandlingFailure(e, Attempts: 1, IsPermanent: true); // the same bytes read the same next time
        }

        var started = time.GetTimestamp();
        var delivery = _deliveries.Of(item, recorded);
        var result = await DispatchAsync(item, recorded, delivery, cancellationToken);
        var age = time.GetUtcNow() - recorded.Meta.At;
        ChangeFeedMetrics.Processed(endpoint, recorded.Type, time.GetElapsedTime(started), age, result.Attempts, result.Failure);
        if (result.Attempts > 1)
            span?.SetTag(ChangeFeedTelemetry.Attempts, result.Attempts);
        return result.Failure is { } failure
            ? new HandlingFailure(failure, result.Attempts, result.IsPermanent, result.IsOutside) { Of = (recorded, delivery) }
            : null;
    }

    private async Task<DispatchResult> DispatchAsync(
        FeedItem item, RecordedEvent recorded, FeedDelivery delivery, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var late = new TimeoutException($"The event was not handled within {timeout}, as HandlingTimeout of the endpoint says.");
        // A consumer that does not heed its token cannot be ended: what it would do meanwhile could come after what is done instead.
        var isStuck = false;
        var watch = time.CreateTimer(_ => TellStuck(), null, timeout + GraceForConsumers, Timeout.InfiniteTimeSpan);
        try
        {
            return await dispatcher.DispatchAsync(recorded, delivery, end.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new DispatchResult(late, Attempts: 1);
        }
        finally
        {
            await watch.DisposeAsync();
            if (isStuck)
                state.Unblocked(item);
        }

        void TellStuck()
        {
            isStuck = true;
            state.Blocked(item, new HandlingFailure(late, Attempts: 0));
            logger.LogError(
                "{Endpoint}: stuck on event {StreamId}/{Version}: a consumer is still at work although its token was cancelled after {Timeout}.",
                endpoint, item.Stream, item.Version, timeout);
        }
    }

    private async Task<HandlingFailure?> ConsumeAsync(FeedItem item, Permit permit, Activity? span, CancellationToken cancellationToken)
    {
        bool? failed = null; // abandoned, should it throw
        HandlingFailure? failure = null;
        try
        {
            failure = await ConsumeAsync(item, span, cancellationToken);
            failed = failure is { IsPermanent: true } ? null : failure is not null;
            return failure;
        }
        finally
        {
            gate.End(permit, failed, failure?.Exception.Message);
        }
    }

    /// <summary>
    /// An event that fails beside many others waits until the switch closes, but not without end: failing as the probe, or after a few
    /// waits, it meets its policy. So what fails on its own becomes less with every trip, and the switch recovers whatever is in flight.
    /// </summary>
    private bool Waits(FeedItem item, Permit permit, HandlingFailure failure)
    {
        if (failure.IsPermanent || permit.IsProbe || !gate.HoldsFailures)
            return false;
        return item.Holds++ < MaxHolds;
    }

    /// <summary>Whether the service does something better with an event than to have its stream parked.</summary>
    private async Task<bool> IsPostponedAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken)
    {
        if (postpone is null || failure is not { Of: var (e, delivery) } || failure.Under(policy) != FailurePolicy.Park
            || !await postpone(e, delivery, failure.Exception, cancellationToken))
            return false;
        state.Unblocked(item);
        ChangeFeedMetrics.Postponed(endpoint, e.Type);
        logger.LogWarning(
            failure.Exception, "{Endpoint}: event {StreamId}/{Version} failed {Attempts} times; it is postponed.", endpoint, item.Stream, item.Version,
            failure.Attempts);
        return true;
    }

    private async Task<TimeSpan?> FailAsync(FeedItem item, HandlingFailure failure, CancellationToken cancellationToken)
    {
        var applied = failure.Under(policy);
        ChangeFeedMetrics.Failed(endpoint, applied, item.Header?.Type);
        switch (applied)
        {
            case FailurePolicy.Block:
                var pause = NextPause(item);
                state.Blocked(item, failure);
                logger.LogError(
                    failure.Exception, "{Endpoint}: blocked on event {StreamId}/{Version} of lease {Lease}; tried again in {Pause}.", endpoint, item.Stream,
                    item.Version, item.Lease, pause);
                return pause;
            case FailurePolicy.Skip:
                await parking!.SkipAsync(item, failure, cancellationToken);
                state.Unblocked(item);
                logger.LogError(
                    failure.Exception, "{Endpoint}: event {StreamId}/{Version} failed {Attempts} times and was passed over; it is kept as a dead letter.",
                    endpoint, item.Stream, item.Version, failure.Attempts);
                return null;
            default:
                await parking!.ParkAsync(item, failure, cancellationToken);
                state.Unblocked(item);
                ChangeFeedMetrics.PutAside(endpoint, item.Header?.Type);
                logger.LogError(
                    failure.Exception, "{Endpoint}: event {StreamId}/{Version} failed {Attempts} times; its stream is parked.", endpoint, item.Stream,
                    item.Version, failure.Attempts);
                return null;
        }
    }

    private static TimeSpan NextPause(FeedItem item)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(item.PutOff++, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
