using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Scripts;

namespace ChangeFeed.Migration.Directed;

/// <summary>
/// What a container that stands for another one does not do: what is about a container and not about documents, and what has its documents as objects,
/// which only the SDK can write.
/// </summary>
internal abstract class LimitedContainer : Container
{
    public override Conflicts Conflicts => throw Unsupported("conflicts are not read through it; a container with one write region has none");

    public override Scripts Scripts => throw Unsupported("scripts belong to one container and are not moved");

    public override Task<ResponseMessage> ReadContainerStreamAsync(
        ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) => throw Unsupported("use ReadContainerAsync");

    public override Task<ResponseMessage> ReplaceContainerStreamAsync(
        ContainerProperties containerProperties, ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        throw Unsupported("use ReplaceContainerAsync");

    public override Task<ContainerResponse> DeleteContainerAsync(
        ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) => throw Unsupported(OneContainer);

    public override Task<ResponseMessage> DeleteContainerStreamAsync(
        ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) => throw Unsupported(OneContainer);

    public override Task<int?> ReadThroughputAsync(CancellationToken cancellationToken = default) => throw Unsupported(OneContainer);

    public override Task<ThroughputResponse> ReadThroughputAsync(RequestOptions requestOptions, CancellationToken cancellationToken = default) =>
        throw Unsupported(OneContainer);

    public override Task<ThroughputResponse> ReplaceThroughputAsync(
        int throughput, RequestOptions? requestOptions = null, CancellationToken cancellationToken = default) => throw Unsupported(OneContainer);

    public override Task<ThroughputResponse> ReplaceThroughputAsync(
        ThroughputProperties throughputProperties, RequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        throw Unsupported(OneContainer);

    public override Task<ItemResponse<T>> CreateItemAsync<T>(
        T item, PartitionKey? partitionKey = null, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        throw Unsupported("use CreateItemStreamAsync");

    public override Task<ItemResponse<T>> UpsertItemAsync<T>(
        T item, PartitionKey? partitionKey = null, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        throw Unsupported("use UpsertItemStreamAsync");

    public override Task<ItemResponse<T>> ReplaceItemAsync<T>(
        T item, string id, PartitionKey? partitionKey = null, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        throw Unsupported("use ReplaceItemStreamAsync");

    public override Task<ResponseMessage> ReadManyItemsStreamAsync(
        IReadOnlyList<(string id, PartitionKey partitionKey)> items, ReadManyRequestOptions? readManyRequestOptions = null,
        CancellationToken cancellationToken = default) => throw Unsupported("use a query");

    public override Task<FeedResponse<T>> ReadManyItemsAsync<T>(
        IReadOnlyList<(string id, PartitionKey partitionKey)> items, ReadManyRequestOptions? readManyRequestOptions = null,
        CancellationToken cancellationToken = default) => throw Unsupported("use a query");

    public override IOrderedQueryable<T> GetItemLinqQueryable<T>(
        bool allowSynchronousQueryExecution = false, string? continuationToken = null, QueryRequestOptions? requestOptions = null,
        CosmosLinqSerializerOptions? linqSerializerOptions = null) => throw Unsupported("use GetItemQueryIterator");

    public override ChangeFeedProcessorBuilder GetChangeFeedEstimatorBuilder(
        string processorName, ChangesEstimationHandler estimationDelegate, TimeSpan? estimationPeriod = null) =>
        throw Unsupported("use GetChangeFeedEstimator");

    protected static NotSupportedException Unsupported(string why) => new($"A container behind a directory does not do this: {why}.");

    private const string OneContainer = "it is about one container and not about whichever serves; use that one";
}
