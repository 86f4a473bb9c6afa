using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary><see cref="DirectedContainer"/> as a container of the SDK.</summary>
internal sealed class FollowingContainer(DirectedContainer directed) : LimitedContainer
{
    public override string Id => directed.Home.Id;

    public override Database Database => directed.Latest.Database;

    public override Task<ContainerResponse> ReadContainerAsync(
        ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.ReadContainerAsync(requestOptions, cancellationToken), repeatable: true, cancellationToken);

    public override Task<ContainerResponse> ReplaceContainerAsync(
        ContainerProperties containerProperties, ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.ReplaceContainerAsync(containerProperties, requestOptions, cancellationToken), repeatable: false, cancellationToken);

    public override Task<ResponseMessage> CreateItemStreamAsync(
        Stream streamPayload, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default)
    {
        var body = Payload.Of(streamPayload);
        return directed.RunAsync(
            c => c.CreateItemStreamAsync(body.Open(), partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);
    }

    public override Task<ResponseMessage> UpsertItemStreamAsync(
        Stream streamPayload, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default)
    {
        var body = Payload.Of(streamPayload);
        return directed.RunAsync(
            c => c.UpsertItemStreamAsync(body.Open(), partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);
    }

    public override Task<ResponseMessage> ReplaceItemStreamAsync(
        Stream streamPayload, string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default)
    {
        var body = Payload.Of(streamPayload);
        return directed.RunAsync(
            c => c.ReplaceItemStreamAsync(body.Open(), id, partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);
    }

    public override Task<ResponseMessage> ReadItemStreamAsync(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.ReadItemStreamAsync(id, partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);

    public override Task<ItemResponse<T>> ReadItemAsync<T>(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.ReadItemAsync<T>(id, partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);

    public override Task<ResponseMessage> DeleteItemStreamAsync(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.DeleteItemStreamAsync(id, partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);

    public override Task<ItemResponse<T>> DeleteItemAsync<T>(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.DeleteItemAsync<T>(id, partitionKey, requestOptions, cancellationToken), repeatable: true, cancellationToken);

    // Without a condition it may count: not to be done twice.
    public override Task<ResponseMessage> PatchItemStreamAsync(
        string id, PartitionKey partitionKey, IReadOnlyList<PatchOperation> patchOperations, PatchItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) => directed.RunAsync(
        c => c.PatchItemStreamAsync(id, partitionKey, patchOperations, requestOptions, cancellationToken), requestOptions?.IfMatchEtag is not null,
        cancellationToken);

    public override Task<ItemResponse<T>> PatchItemAsync<T>(
        string id, PartitionKey partitionKey, IReadOnlyList<PatchOperation> patchOperations, PatchItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) => directed.RunAsync(
        c => c.PatchItemAsync<T>(id, partitionKey, patchOperations, requestOptions, cancellationToken), requestOptions?.IfMatchEtag is not null,
        cancellationToken);

    public override TransactionalBatch CreateTransactionalBatch(PartitionKey partitionKey) => new DirectedBatch(directed, partitionKey);

    public override FeedIterator GetItemQueryStreamIterator(
        QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator(directed, c => c.GetItemQueryStreamIterator(queryDefinition, continuationToken, requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator<T>(directed, c => c.GetItemQueryIterator<T>(queryDefinition, continuationToken, requestOptions));

    public override FeedIterator GetItemQueryStreamIterator(
        string? queryText = null, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator(directed, c => c.GetItemQueryStreamIterator(queryText, continuationToken, requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        string? queryText = null, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator<T>(directed, c => c.GetItemQueryIterator<T>(queryText, continuationToken, requestOptions));

    public override FeedIterator GetItemQueryStreamIterator(
        FeedRange feedRange, QueryDefinition queryDefinition, string? continuationToken, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator(directed, c => c.GetItemQueryStreamIterator(feedRange, queryDefinition, continuationToken, requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        FeedRange feedRange, QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        new DirectedIterator<T>(directed, c => c.GetItemQueryIterator<T>(feedRange, queryDefinition, continuationToken, requestOptions));

    public override Task<IReadOnlyList<FeedRange>> GetFeedRangesAsync(CancellationToken cancellationToken = default) =>
        directed.RunAsync(c => c.GetFeedRangesAsync(cancellationToken), repeatable: true, cancellationToken);

    public override FeedIterator GetChangeFeedStreamIterator(
        ChangeFeedStartFrom changeFeedStartFrom, ChangeFeedMode changeFeedMode, ChangeFeedRequestOptions? changeFeedRequestOptions = null) =>
        new DirectedIterator(directed, c => c.GetChangeFeedStreamIterator(changeFeedStartFrom, changeFeedMode, changeFeedRequestOptions));

    public override FeedIterator<T> GetChangeFeedIterator<T>(
        ChangeFeedStartFrom changeFeedStartFrom, ChangeFeedMode changeFeedMode, ChangeFeedRequestOptions? changeFeedRequestOptions = null) =>
        new DirectedIterator<T>(directed, c => c.GetChangeFeedIterator<T>(changeFeedStartFrom, changeFeedMode, changeFeedRequestOptions));

    public override ChangeFeedEstimator GetChangeFeedEstimator(string processorName, Container leaseContainer) =>
        directed.Latest.GetChangeFeedEstimator(processorName, leaseContainer);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder<T>(string processorName, ChangesHandler<T> onChangesDelegate) =>
        throw Unsupported(Legs);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder<T>(string processorName, ChangeFeedHandler<T> onChangesDelegate) =>
        throw Unsupported(Legs);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder(string processorName, ChangeFeedStreamHandler onChangesDelegate) =>
        throw Unsupported(Legs);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilderWithManualCheckpoint<T>(
        string processorName, ChangeFeedHandlerWithManualCheckpoint<T> onChangesDelegate) => throw Unsupported(Legs);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilderWithManualCheckpoint(
        string processorName, ChangeFeedStreamHandlerWithManualCheckpoint onChangesDelegate) => throw Unsupported(Legs);

    private const string Legs = "a processor reads one container, and the next where that has ended; RouteAsync says which";
}
