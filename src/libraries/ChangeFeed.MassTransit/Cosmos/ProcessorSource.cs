using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Legs;
using ChangeFeed.MassTransit.Positions;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>
/// The SDK's change feed processor: shares the partitions among the instances by leases, reads them, and checkpoints when told to.
/// </summary>
/// <param name="reading">What is read.</param>
/// <param name="leases">Where the leases are.</param>
/// <param name="reads">How it is read: when a page is full enough, and what is waited for.</param>
/// <param name="options">How it is shared.</param>
/// <param name="logger">The log.</param>
internal sealed class ProcessorSource(
    LegReading reading, Container leases, FeedReads reads, ChangeFeedOptions options, ILogger logger) : IFeedSource
{
    private readonly string _instance = ServiceInstance.NewName();
    private ChangeFeedProcessor? _processor;

    public bool AllowsOverlappingPages { get; } = reading.Leg.Container.Database.Client.ClientOptions.CustomHandlers.OfType<ChangeFeedRequestHandler>().Any();

    public async Task StartAsync(IFeedObserver observer, CancellationToken cancellationToken)
    {
        _processor = reading.Leg.Container
            .GetDocumentProcessorBuilder(reading.LeaseName, leases, options.Processor, (context, page, checkpoint, tenure) =>
                OnPageAsync(observer, context, page, checkpoint, tenure))
            .WithInstanceName(_instance)
            .WithStartTime((reading.Since ?? DateTimeOffset.MinValue).UtcDateTime)
            .WithMaxItems(options.PageSize)
            .WithLeaseAcquireNotification(observer.OnLeaseAcquiredAsync)
            .WithLeaseReleaseNotification(observer.OnLeaseReleasedAsync)
            .WithErrorNotification((lease, error) => observer.OnErrorAsync(lease, IsTaken(error) ? new FeedLeaseLostException(lease, error) : error))
            .Build();
        if (!AllowsOverlappingPages)
            logger.LogWarning(
                "{Endpoint}: the Cosmos client has no ChangeFeedRequestHandler among its CustomHandlers, so pages do not overlap and one slow event delays its whole partition.",
                reading.LeaseName);

        Activity.Current = null;
        // Flows into everything the processor starts.
        ChangeFeedRequestHandler.Mark(new FeedMark(observer.DrainAsync) { Linger = reads.Linger, Awaits = reads.Awaits });
        var starting = _processor.StartAsync();
        try
        {
            await starting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The SDK cannot be told to give up starting, and what it still starts would hold leases for ever.
            await Task.WhenAny(StopOnceStartedAsync(starting, _processor), Task.Delay(options.StopTimeout, CancellationToken.None));
            throw;
        }
    }

    public Task StopAsync() => _processor?.StopAsync() ?? Task.CompletedTask;

    // By another instance, or because the position was moved.
    private static bool IsTaken(Exception error) => (error.InnerException ?? error) is CosmosException { StatusCode: HttpStatusCode.PreconditionFailed };

    private async Task StopOnceStartedAsync(Task starting, ChangeFeedProcessor processor)
    {
        try
        {
            await starting;
            await processor.StopAsync();
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Endpoint}: stopped while starting; leases that were acquired meanwhile expire by themselves.", reading.LeaseName);
        }
    }

    private async Task OnPageAsync(
        IFeedObserver observer, ChangeFeedProcessorContext context, DocumentPage page, Func<Task> checkpoint, CancellationToken tenure)
    {
        ChangeFeedRequestHandler.Mark(null); // what consumers read is none of the processor's reads
        await observer.OnPageAsync(
            new FeedPage(context.LeaseToken, page.Documents, () => NoteAsync(checkpoint), page, end => NoteAsync(() => BeforeAsync(end))), tenure);

        Task BeforeAsync(JsonElement document) => new LeasePlace(leases, reading.Leases(leases)).NoteAsync(
            context.LeaseToken, _instance, LeasePosition.Before(PositionFeed.LsnOf(document)), tenure);

        async Task NoteAsync(Func<Task> note)
        {
            LeaseCheckpointHandler.CheckpointOf(tenure);
            try
            {
                await note();
            }
            catch (CosmosException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                throw new FeedLeaseLostException(context.LeaseToken, e);
            }
            catch (OperationCanceledException e) when (tenure.IsCancellationRequested)
            {
                throw new FeedLeaseLostException(context.LeaseToken, e);
            }
        }
    }
}

/// <summary>How an endpoint reads a store that can hold reads open.</summary>
/// <param name="Linger">How long any event may be late.</param>
/// <param name="Awaits">Types of events that are not to be late: where none lingers, those that have a consumer; null for every document.</param>
internal sealed record FeedReads(TimeSpan Linger, IReadOnlyCollection<string>? Awaits);
