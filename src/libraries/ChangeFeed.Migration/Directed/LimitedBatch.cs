using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>What a batch on a <see cref="LimitedContainer"/> does not do.</summary>
internal abstract class LimitedBatch : TransactionalBatch
{
    public override TransactionalBatch CreateItem<T>(T item, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        throw Unsupported("use CreateItemStream");

    public override TransactionalBatch UpsertItem<T>(T item, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        throw Unsupported("use UpsertItemStream");

    public override TransactionalBatch ReplaceItem<T>(string id, T item, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        throw Unsupported("use ReplaceItemStream");

    protected static NotSupportedException Unsupported(string why) => new($"A batch behind a directory does not do this: {why}.");
}
