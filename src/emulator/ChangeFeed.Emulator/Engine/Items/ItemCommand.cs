using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>What a write request became, with the state of its partition right after it.</summary>
internal readonly record struct WriteOutcome(ItemResult[] Results, Partition Partition, long Lsn);

/// <summary>
/// One or many item operations. Atomic: all in one transaction with one LSN, or none. Otherwise each on its own.
/// </summary>
internal sealed class ItemCommand(Container container, ItemOperation[] operations, bool atomic, ItemWriter writer)
    : WriteCommand<WriteOutcome>
{
    protected override WriteOutcome Execute(WriteContext context)
    {
        if (container.IsDropped)
            throw CosmosErrorException.NotFound($"The container '{container.Id}' was deleted.");

        var results = new ItemResult[operations.Length];
        var partition = container.PartitionOf(operations[0].PartitionKey.Effective);
        if (operations.Length == 1)
            results[0] = Run(context, new(container, partition), operations[0]);
        else if (atomic)
            ExecuteAtomic(context, new(container, partition), results);
        else
            for (var i = 0; i < operations.Length; i++)
                results[i] = Run(context, new(container, container.PartitionOf(operations[i].PartitionKey.Effective)), operations[i]);
        return new(results, partition, partition.PendingLsn);
    }

    private void ExecuteAtomic(WriteContext context, WriteScope scope, ItemResult[] results)
    {
        context.Session.Savepoint();
        for (var i = 0; i < operations.Length; i++)
        {
            results[i] = Run(context, scope, operations[i]);
            if (results[i].IsSuccess)
                continue;

            context.Session.RollbackToSavepoint();
            scope.Undo();
            for (var other = 0; other < operations.Length; other++)
                if (other != i)
                    results[other] = ItemResult.FailedDependency();
            return;
        }
    }

    private ItemResult Run(WriteContext context, WriteScope scope, ItemOperation operation)
    {
        try
        {
            return writer.Execute(context, scope, operation);
        }
        catch (CosmosErrorException error)
        {
            return ItemResult.From(error);
        }
    }
}
