using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>
/// The new container of a migration, for those who speak of documents as the old one has them: partitions become the new ones, and what is written goes
/// through the transformation. What is read is as the new container has it.
/// </summary>
internal sealed class TranslatedContainer(Container inner, KeyTranslation translation) : LimitedContainer
{
    public override string Id => inner.Id;

    public override Database Database => inner.Database;

    public override Task<ContainerResponse> ReadContainerAsync(
        ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.ReadContainerAsync(requestOptions, cancellationToken);

    public override Task<ContainerResponse> ReplaceContainerAsync(
        ContainerProperties containerProperties, ContainerRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.ReplaceContainerAsync(containerProperties, requestOptions, cancellationToken);

    public override Task<ResponseMessage> CreateItemStreamAsync(
        Stream streamPayload, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.CreateItemStreamAsync(translation.Of(streamPayload), translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ResponseMessage> UpsertItemStreamAsync(
        Stream streamPayload, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.UpsertItemStreamAsync(translation.Of(streamPayload), translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ResponseMessage> ReplaceItemStreamAsync(
        Stream streamPayload, string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        inner.ReplaceItemStreamAsync(translation.Of(streamPayload), id, translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ResponseMessage> ReadItemStreamAsync(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.ReadItemStreamAsync(id, translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ItemResponse<T>> ReadItemAsync<T>(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.ReadItemAsync<T>(id, translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ResponseMessage> DeleteItemStreamAsync(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.DeleteItemStreamAsync(id, translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ItemResponse<T>> DeleteItemAsync<T>(
        string id, PartitionKey partitionKey, ItemRequestOptions? requestOptions = null, CancellationToken cancellationToken = default) =>
        inner.DeleteItemAsync<T>(id, translation.Of(partitionKey), requestOptions, cancellationToken);

    public override Task<ResponseMessage> PatchItemStreamAsync(
        string id, PartitionKey partitionKey, IReadOnlyList<PatchOperation> patchOperations, PatchItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        inner.PatchItemStreamAsync(id, translation.Of(partitionKey), patchOperations, requestOptions, cancellationToken);

    public override Task<ItemResponse<T>> PatchItemAsync<T>(
        string id, PartitionKey partitionKey, IReadOnlyList<PatchOperation> patchOperations, PatchItemRequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default) =>
        inner.PatchItemAsync<T>(id, translation.Of(partitionKey), patchOperations, requestOptions, cancellationToken);

    public override TransactionalBatch CreateTransactionalBatch(PartitionKey partitionKey) =>
        new TranslatedBatch(inner.CreateTransactionalBatch(translation.Of(partitionKey)), translation);

    public override FeedIterator GetItemQueryStreamIterator(
        QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryStreamIterator(queryDefinition, continuationToken, Of(requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryIterator<T>(queryDefinition, continuationToken, Of(requestOptions));

    public override FeedIterator GetItemQueryStreamIterator(
        string? queryText = null, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryStreamIterator(queryText, continuationToken, Of(requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        string? queryText = null, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryIterator<T>(queryText, continuationToken, Of(requestOptions));

    public override FeedIterator GetItemQueryStreamIterator(
        FeedRange feedRange, QueryDefinition queryDefinition, string? continuationToken, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryStreamIterator(translation.Of(feedRange), queryDefinition, continuationToken, Of(requestOptions));

    public override FeedIterator<T> GetItemQueryIterator<T>(
        FeedRange feedRange, QueryDefinition queryDefinition, string? continuationToken = null, QueryRequestOptions? requestOptions = null) =>
        inner.GetItemQueryIterator<T>(translation.Of(feedRange), queryDefinition, continuationToken, Of(requestOptions));

    public override Task<IReadOnlyList<FeedRange>> GetFeedRangesAsync(CancellationToken cancellationToken = default) =>
        inner.GetFeedRangesAsync(cancellationToken);

    public override FeedIterator GetChangeFeedStreamIterator(
        ChangeFeedStartFrom changeFeedStartFrom, ChangeFeedMode changeFeedMode, ChangeFeedRequestOptions? changeFeedRequestOptions = null) =>
        inner.GetChangeFeedStreamIterator(changeFeedStartFrom, changeFeedMode, changeFeedRequestOptions);

    public override FeedIterator<T> GetChangeFeedIterator<T>(
        ChangeFeedStartFrom changeFeedStartFrom, ChangeFeedMode changeFeedMode, ChangeFeedRequestOptions? changeFeedRequestOptions = null) =>
        inner.GetChangeFeedIterator<T>(changeFeedStartFrom, changeFeedMode, changeFeedRequestOptions);

    public override ChangeFeedEstimator GetChangeFeedEstimator(string processorName, Container leaseContainer) =>
        inner.GetChangeFeedEstimator(processorName, leaseContainer);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder<T>(string processorName, ChangesHandler<T> onChangesDelegate) =>
        inner.GetChangeFeedProcessorBuilder(processorName, onChangesDelegate);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder<T>(string processorName, ChangeFeedHandler<T> onChangesDelegate) =>
        inner.GetChangeFeedProcessorBuilder(processorName, onChangesDelegate);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilder(string processorName, ChangeFeedStreamHandler onChangesDelegate) =>
        inner.GetChangeFeedProcessorBuilder(processorName, onChangesDelegate);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilderWithManualCheckpoint<T>(
        string processorName, ChangeFeedHandlerWithManualCheckpoint<T> onChangesDelegate) =>
        inner.GetChangeFeedProcessorBuilderWithManualCheckpoint(processorName, onChangesDelegate);

    public override ChangeFeedProcessorBuilder GetChangeFeedProcessorBuilderWithManualCheckpoint(
        string processorName, ChangeFeedStreamHandlerWithManualCheckpoint onChangesDelegate) =>
        inner.GetChangeFeedProcessorBuilderWithManualCheckpoint(processorName, onChangesDelegate);

    private QueryRequestOptions? Of(QueryRequestOptions? options)
    {
        if (options?.PartitionKey is not { } key)
            return options;
        var translated = (QueryRequestOptions)options.ShallowCopy(); // the caller's stay as they are
        translated.PartitionKey = translation.Of(key);
        return translated;
    }
}
