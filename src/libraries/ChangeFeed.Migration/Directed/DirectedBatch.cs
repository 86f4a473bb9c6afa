using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Directed;

/// <summary>A batch, kept until it is executed: then it is clear where.</summary>
internal sealed class DirectedBatch(DirectedContainer directed, PartitionKey partition) : LimitedBatch
{
    private readonly List<Action<TransactionalBatch>> _operations = [];
    private bool _repeatable = true;

    public override TransactionalBatch CreateItemStream(Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null)
    {
        var body = Payload.Of(streamPayload);
        return With(batch => batch.CreateItemStream(body.Open(), requestOptions));
    }

    public override TransactionalBatch UpsertItemStream(Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null)
    {
        var body = Payload.Of(streamPayload);
        return With(batch => batch.UpsertItemStream(body.Open(), requestOptions));
    }

    public override TransactionalBatch ReplaceItemStream(string id, Stream streamPayload, TransactionalBatchItemRequestOptions? requestOptions = null)
    {
        var body = Payload.Of(streamPayload);
        return With(batch => batch.ReplaceItemStream(id, body.Open(), requestOptions));
    }

    public override TransactionalBatch ReadItem(string id, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(batch => batch.ReadItem(id, requestOptions));

    public override TransactionalBatch DeleteItem(string id, TransactionalBatchItemRequestOptions? requestOptions = null) =>
        With(batch => batch.DeleteItem(id, requestOptions));

    public override TransactionalBatch PatchItem(
        string id, IReadOnlyList<PatchOperation> patchOperations, TransactionalBatchPatchItemRequestOptions? requestOptions = null)
    {
        _repeatable &= requestOptions?.IfMatchEtag is not null; // it may count
        return With(batch => batch.PatchItem(id, patchOperations, requestOptions));
    }

    public override Task<TransactionalBatchResponse> ExecuteAsync(CancellationToken cancellationToken = default) =>
        directed.RunAsync(container => Fill(container).ExecuteAsync(cancellationToken), _repeatable, cancellationToken);

    public override Task<TransactionalBatchResponse> ExecuteAsync(
        TransactionalBatchRequestOptions requestOptions, CancellationToken cancellationToken = default) =>
        directed.RunAsync(container => Fill(container).ExecuteAsync(requestOptions, cancellationToken), _repeatable, cancellationToken);

    private DirectedBatch With(Action<TransactionalBatch> operation)
    {
        _operations.Add(operation);
        return this;
    }

    private TransactionalBatch Fill(Container container)
    {
        var batch = container.CreateTransactionalBatch(partition);
        foreach (var operation in _operations)
            operation(batch);
        return batch;
    }
}

/// <summary>A body that can be sent more than once; the SDK disposes what it has sent.</summary>
internal sealed class Payload
{
    private readonly byte[] _bytes;

    private Payload(byte[] bytes) => _bytes = bytes;

    public static Payload Of(Stream stream)
    {
        using (stream)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return new Payload(copy.ToArray());
        }
    }

    public MemoryStream Open() => new(_bytes, writable: false);
}
