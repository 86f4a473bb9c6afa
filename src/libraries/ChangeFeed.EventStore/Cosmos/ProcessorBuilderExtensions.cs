using Microsoft.Azure.Cosmos;

namespace ChangeFeed.EventStore.Cosmos;

/// <summary>Handles a page of changed documents.</summary>
/// <param name="context">Whose lease the page is of.</param>
/// <param name="page">The documents; to be disposed once they are handled.</param>
/// <param name="checkpoint">Notes the place behind the page.</param>
/// <param name="cancellationToken">Ends with the tenure of the lease.</param>
public delegate Task HandleDocuments(
    ChangeFeedProcessorContext context, DocumentPage page, Func<Task> checkpoint, CancellationToken cancellationToken);

/// <summary>What every change feed processor of a service has in common.</summary>
public static class ProcessorBuilderExtensions
{
    /// <summary>
    /// Reads raw documents, so that one malformed document cannot stop a partition. Begins with what is there already: the SDK's default,
    /// now, skips what came before the first page of a lease.
    /// </summary>
    /// <param name="monitored">The documents.</param>
    /// <param name="name">Begins the ids of the leases: no two readers may have the same.</param>
    /// <param name="leases">The container of the leases, partition key <c>/id</c>.</param>
    /// <param name="settings">How the instances share.</param>
    /// <param name="handle">Handles a page.</param>
    public static ChangeFeedProcessorBuilder GetDocumentProcessorBuilder(
        this Container monitored, string name, Container leases, ProcessorSettings settings, HandleDocuments handle) => monitored
        .GetChangeFeedProcessorBuilderWithManualCheckpoint(LeasePrefix(name), async (context, changes, checkpoint, tenure) =>
            await handle(context, await DocumentPage.ReadAsync(changes, tenure).ConfigureAwait(false), checkpoint, tenure).ConfigureAwait(false))
        .WithSharedLeases(leases, settings)
        .WithStartTime(DateTime.MinValue.ToUniversalTime());

    /// <summary>
    /// Reads every version and every deletion. That feed begins when it is first looked at, and reaches back no further than its retention.
    /// </summary>
    /// <typeparam name="T">The documents.</typeparam>
    /// <inheritdoc cref="GetDocumentProcessorBuilder"/>
    public static ChangeFeedProcessorBuilder GetVersionProcessorBuilder<T>(
        this Container monitored,
        string name,
        Container leases,
        ProcessorSettings settings,
        Container.ChangeFeedHandler<ChangeFeedItem<T>> handle) => monitored
        .GetChangeFeedProcessorBuilderWithAllVersionsAndDeletes(LeasePrefix(name), handle)
        .WithSharedLeases(leases, settings);

    private static ChangeFeedProcessorBuilder WithSharedLeases(
        this ChangeFeedProcessorBuilder builder, Container leases, ProcessorSettings settings) => builder
        .WithInstanceName(ServiceInstance.NewName())
        .WithLeaseContainer(leases)
        .WithLeaseConfiguration(settings.AcquireInterval, settings.ExpirationInterval, settings.RenewInterval)
        .WithPollInterval(settings.PollInterval);

    // Names overlap (tax, tax-audit) and the SDK puts nothing between name and rest: the colon does.
    private static string LeasePrefix(string name) => $"{name}:";
}
