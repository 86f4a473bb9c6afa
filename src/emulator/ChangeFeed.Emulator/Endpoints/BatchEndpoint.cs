using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Protocol.Batch;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Transactional batches (all or nothing) and bulk requests (each operation on its own).</summary>
internal sealed class BatchEndpoint(EngineState state)
{
    public const int MaxOperations = 100;
    private const byte HybridRowMark = 0x81;

    public async Task ExecuteAsync(CosmosRequest request, Container container)
    {
        var body = await request.ReadBodyAsync(ItemContent.MaxSize);
        var isRows = body is [HybridRowMark, ..];
        var rows = isRows ? await BatchRequestRow.ReadAsync(body) : JsonBatch.Read(body);
        if (rows.Count == 0)
            throw CosmosErrorException.BadRequest("The batch has no operations.");
        if (rows.Count > MaxOperations)
            throw CosmosErrorException.BadRequest($"The batch has {rows.Count} operations; at most {MaxOperations} are allowed.");

        var results = request.Flag(Headers.BatchAtomic)
            ? await AtomicAsync(request, container, rows)
            : await BulkAsync(request, container, rows);
        var response = request.Http.Response;
        response.Charge(results.Sum(result => result.Charge));
        var status = results.All(result => result.IsSuccess && result.Status != 304) ? 200 : 207;
        if (isRows)
            await response.WriteBytesAsync(status, await BatchResponseRows.WriteAsync(results), "application/octet-stream");
        else
            await response.WriteBytesAsync(status, JsonBatch.Write(results));
    }

    private async Task<ItemResult[]> AtomicAsync(CosmosRequest request, Container container, List<BatchRequestRow> rows)
    {
        var header = request.Header(Headers.PartitionKey) ?? rows[0].PartitionKey
            ?? throw CosmosErrorException.BadRequest($"A transactional batch names one partition key ({Headers.PartitionKey}).");
        var key = PartitionKey.Parse(header, container.Definition.PartitionKey);
        var operations = new ItemOperation[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            try
            {
                operations[i] = Operation(rows[i], key, container);
            }
            catch (CosmosErrorException error)
            {
                var failed = Enumerable.Repeat(ItemResult.FailedDependency(), rows.Count).ToArray();
                failed[i] = ItemResult.From(error);
                return failed;
            }
        }

        var outcome = await state.Committer.RunAsync(new ItemCommand(container, operations, atomic: true, state.Items));
        request.Http.Response.Session(outcome.Partition, outcome.Lsn);
        return outcome.Results;
    }

    private async Task<ItemResult[]> BulkAsync(CosmosRequest request, Container container, List<BatchRequestRow> rows)
    {
        var partition = request.Header(Headers.PartitionKeyRangeId) is { } range ? container.PartitionNamed(range) : null;
        var results = new ItemResult[rows.Count];
        var operations = new List<ItemOperation>(rows.Count);
        var places = new List<int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            try
            {
                operations.Add(Operation(rows[i], BulkKey(rows[i], request, container), container));
                places.Add(i);
            }
            catch (CosmosErrorException error)
            {
                results[i] = ItemResult.From(error);
            }
        }

        if (operations.Count > 0)
        {
            var outcome = await state.Committer.RunAsync(new ItemCommand(container, [.. operations], atomic: false, state.Items));
            for (var i = 0; i < places.Count; i++)
                results[places[i]] = outcome.Results[i];
            partition ??= outcome.Partition;
        }
        if (partition is not null)
            request.Http.Response.Session(partition, partition.Lsn);
        return results;
    }

    private static PartitionKey BulkKey(BatchRequestRow row, CosmosRequest request, Container container) =>
        PartitionKey.Parse(
            row.PartitionKey ?? request.Header(Headers.PartitionKey)
                ?? throw CosmosErrorException.BadRequest("The operation names no partition key."),
            container.Definition.PartitionKey);

    private static ItemOperation Operation(BatchRequestRow row, PartitionKey key, Container container)
    {
        var kind = (OperationKind)row.OperationType;
        if (!Enum.IsDefined(kind))
            throw CosmosErrorException.BadRequest($"The batch operation type {row.OperationType} is unknown.");

        ItemContent? content = null;
        PatchDocument? patch = null;
        if (kind is OperationKind.Create or OperationKind.Replace or OperationKind.Upsert)
        {
            content = ItemContent.Parse(
                row.Body ?? throw CosmosErrorException.BadRequest("The operation has no item."), container.Definition);
            ItemEndpoints.Check(key, content);
        }
        else if (kind == OperationKind.Patch)
        {
            patch = PatchDocument.Parse(row.Body ?? throw CosmosErrorException.BadRequest("The operation has no patch."));
        }

        var id = (kind == OperationKind.Replace ? row.Id : null) ?? content?.Id ?? row.Id
            ?? throw CosmosErrorException.BadRequest("The operation names no id.");
        return new(kind, key, id)
        {
            Content = content,
            Patch = patch,
            IfMatch = row.IfMatch,
            IfNoneMatch = row.IfNoneMatch,
            Minimal = row.Minimal
        };
    }
}
