using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.ReadModels;

namespace Orders.Views.Erasure;

/// <summary>
/// Observes, through the feed of all versions and deletes, that the store has deleted the marked documents of erased customers, and keeps an
/// audit record of each. That feed begins when it is first looked at, and reaches back no further than its retention: a deletion is only
/// missed when no instance runs for longer than that.
/// </summary>
public sealed class DeletionAudit(
    OrdersDatabase database, ViewDirectory directory, IOptions<ErasureOptions> options, IOptions<ChangeFeedOptions> feed, TimeProvider time,
    ILogger<DeletionAudit> logger)
    : BackgroundService
{
    private static readonly string[] Views = [ViewNames.OrderStatus, ViewNames.CustomerOrders];

    private readonly Dictionary<string, ChangeFeedProcessor> _processors = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.ObserveDeletes)
            return;
        using var timer = new PeriodicTimer(options.Value.ObserveInterval, time);
        try
        {
            do
            {
                await FollowVersionsAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(_processors.Values.Select(p => p.StopAsync()));
        }
    }

    /// <summary>One processor for each version that is kept; versions come and go by rebuilding.</summary>
    private async Task FollowVersionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var containers = new List<Container>();
            foreach (var view in Views)
                containers.AddRange((await directory.GetAsync(view, cancellationToken)).Write.Select(version => database.View(view, version)));
            foreach (var gone in _processors.Keys.Except(containers.Select(c => c.Id)).ToList())
            {
                await _processors[gone].StopAsync();
                _processors.Remove(gone);
            }

            foreach (var container in containers.Where(c => !_processors.ContainsKey(c.Id)))
            {
                var processor = Processor(container);
                await processor.StartAsync();
                _processors[container.Id] = processor;
            }
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            logger.LogWarning("Deletions are not observed yet, trying again in {Interval}: {Problem}", options.Value.ObserveInterval, e.Message);
        }
    }

    private ChangeFeedProcessor Processor(Container container) => container
        .GetVersionProcessorBuilder<JsonElement>(
            $"deletions-{container.Id}",
            database.Leases,
            feed.Value.Processor with { PollInterval = options.Value.ObserveInterval },
            (_, changes, stop) => RecordAsync(container, changes, stop))
        .WithErrorNotification((lease, e) =>
        {
            logger.LogWarning(e, "Deletions in {Container}, lease {Lease}: not observed yet, trying again.", container.Id, lease);
            return Task.CompletedTask;
        })
        .Build();

    private async Task RecordAsync(Container container, IReadOnlyCollection<ChangeFeedItem<JsonElement>> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (Deletions.Of(container.Id, change) is not { } deletion)
                continue;
            // The same record again where a page comes again.
            await database.Get(ErasureContainers.Erasures)
                .UpsertAsync(deletion.CustomerId, deletion, ReadModelsJson.Default.DeletionDocument, cancellationToken);
            logger.LogInformation("{Container}: the document of order {StreamId} is deleted, its customer being erased.", container.Id, deletion.OrderId);
        }
    }
}

/// <summary>What a change says about erasure. Pure.</summary>
internal static class Deletions
{
    /// <summary>The record of a deletion whose time was over; null for every other change.</summary>
    public static DeletionDocument? Of(string container, ChangeFeedItem<JsonElement> change)
    {
        if (change is not
            {
                Metadata: { OperationType: ChangeFeedOperationType.Delete, IsTimeToLiveExpired: true } metadata,
                Previous.ValueKind: JsonValueKind.Object
            })
            return null;
        var was = change.Previous.Deserialize(ReadModelsJson.Default.OrderStatusDocument);
        return was is not { ErasedAt: { } erasedAt } ? null : new DeletionDocument(
            $"{DeletionDocument.IdPrefix}{container}:{was.Id}", was.CustomerId, container, was.Id, was.Version, erasedAt, metadata.ConflictResolutionTimestamp);
    }
}
