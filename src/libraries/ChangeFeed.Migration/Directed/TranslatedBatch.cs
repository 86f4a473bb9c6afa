using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>A batch on the new container of a migration, of documents as the old one has them.</summary>
internal sealed class TranslatedBatch(TransactionalBatch inner, KeyTranslation translation) : LimitedBatch
{
    public override TransactionalBatch CreateItemStream(Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(inner.CreateItemStream(translation.Of(streamPayload), requestOptions));

    public override TransactionalBatch UpsertItemStream(Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(inner.UpsertItemStream(translation.Of(streamPayload), requestOptions));

    public override TransactionalBatch ReplaceItemStream(string id, Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(inner.ReplaceItemStream(id, translation.Of(streamPayload), requestOptions));

    public override TransactionalBatch ReadItem(string id, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(inner.ReadItem(id, requestOptions));

    public override TransactionalBatch DeleteItem(string id, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(inner.DeleteItem(id, requestOptions));

    public override TransactionalBatch PatchItem(
        string id, IReadOnlyList<PatchOperation> patchOperations, TransactionalBatchPatchItemRequestOptions? requestOptions = null) =>
        With(inner.PatchItem(id, patchOperations, requestOptions));

    public override Task<TransactionalBatchResponse> ExecuteAsync(CancellationToken cancellationToken = default) => inner.ExecuteAsync(cancellationToken);

    public override Task<TransactionalBatchResponse> ExecuteAsync(
        TransactionalBatchRequestOptions requestOptions, CancellationToken cancellationToken = default) =>
        inner.ExecuteAsync(requestOptions, cancellationToken);

    private TranslatedBatch With(TransactionalBatch _) => this; // the SDK's own, which has taken the operation up
}
