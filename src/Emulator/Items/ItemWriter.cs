using OrderPipeline.Emulator.Resources;
using OrderPipeline.Emulator.Storage;

namespace OrderPipeline.Emulator.Items;

/// <summary>Runs one operation inside a transaction: every check comes before the first write.</summary>
sealed class ItemWriter(IPatchConditions conditions)
{
    public ItemResult Execute(WriteContext context, WriteScope scope, ItemOperation operation)
    {
        var withBody = operation.Kind is OperationKind.Read or OperationKind.Patch;
        var existing = context.Session.Find(scope.Container, operation.PartitionKey.Effective, operation.Id, withBody);
        if (existing is { } item && item.IsExpired(scope.Container.Definition, context.Now))
        {
            Remove(context, scope, item);
            existing = null;
        }

        if (existing is { } current)
        {
            var etag = Etag.Of(current.Position, current.Timestamp);
            if (operation.IfMatch is { } wanted && operation.Kind != OperationKind.Create && !Etag.Matches(wanted, etag))
                return ItemResult.PreconditionFailed($"The etag of item '{operation.Id}' is {etag}, not {wanted}.");
            if (operation.Kind == OperationKind.Read)
                return operation.IfNoneMatch is { } known && Etag.Matches(known, etag)
                    ? new(304) { Etag = etag, Charge = RequestCharge.Metadata }
                    : new(200) { Etag = etag, Body = current.Body, Charge = RequestCharge.Read(current.Body.Length) };
            return operation.Kind switch
            {
                OperationKind.Create => ItemResult.Conflict($"The item '{operation.Id}' exists already."),
                OperationKind.Delete => Delete(context, scope, current),
                OperationKind.Patch => Patch(context, scope, operation, current),
                _ => Replace(context, scope, operation, operation.Content!, current),
            };
        }

        return operation.Kind is OperationKind.Create or OperationKind.Upsert
            ? Create(context, scope, operation)
            : ItemResult.NotFound(operation.Id);
    }

    static ItemResult Create(WriteContext context, WriteScope scope, ItemOperation operation)
    {
        var rid = context.NextItem(scope.Container);
        var item = Write(context, scope, rid, operation.PartitionKey.Effective, operation.Id, operation.Content!);
        context.Session.Insert(scope.Container, scope.Partition.Id, item);
        return Written(201, item, operation);
    }

    static ItemResult Replace(WriteContext context, WriteScope scope, ItemOperation operation, ItemContent content, in StoredItem current)
    {
        var item = Write(context, scope, current.Rid, operation.PartitionKey.Effective, operation.Id, content);
        context.Session.Update(scope.Container, scope.Partition.Id, current.Position, item);
        return Written(200, item, operation);
    }

    ItemResult Patch(WriteContext context, WriteScope scope, ItemOperation operation, in StoredItem current)
    {
        if (operation.Patch!.Condition is { } condition && !conditions.Holds(condition, current.Body))
            return ItemResult.PreconditionFailed("The condition of the patch does not hold for the item.", SubStatus.PatchConditionFailed);
        ItemContent content;
        try
        {
            content = ItemContent.Parse(operation.Patch.Apply(ItemRenderer.PropertiesOf(current.Body)), scope.Container.Definition);
        }
        catch (CosmosError error)
        {
            return ItemResult.From(error);
        }
        return content.PartitionKey.Effective.AsSpan().SequenceEqual(operation.PartitionKey.Effective)
            ? Replace(context, scope, operation, content, current)
            : ItemResult.From(CosmosError.BadRequest("A patch cannot change the partition key."));
    }

    static ItemResult Delete(WriteContext context, WriteScope scope, in StoredItem current)
    {
        Remove(context, scope, current);
        return new(204) { Charge = RequestCharge.Delete(current.Body.Length) };
    }

    static void Remove(WriteContext context, WriteScope scope, in StoredItem item)
    {
        scope.NextPosition();
        context.Touched(scope);
        context.Deleted(scope);
        context.Session.Delete(scope.Container, scope.Partition.Id, item);
    }

    static StoredItem Write(WriteContext context, WriteScope scope, ulong rid, byte[] epk, string id, ItemContent content)
    {
        var position = scope.NextPosition();
        context.Touched(scope);
        var body = ItemRenderer.Render(scope.Container, content.Properties, rid, position, context.Now);
        return new(rid, epk, id, position, context.Now, content.Ttl, body);
    }

    static ItemResult Written(int status, in StoredItem item, ItemOperation operation) => new(status)
    {
        Etag = Etag.Of(item.Position, item.Timestamp),
        Body = operation.Minimal ? null : item.Body,
        Charge = RequestCharge.Write(item.Body.Length),
    };
}
