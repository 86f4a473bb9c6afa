using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Indexing;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Items;

/// <summary>Runs one operation inside a transaction: every check comes before the first write.</summary>
internal sealed class ItemWriter(QueryEngine queries)
{
    public ItemResult Execute(WriteContext context, WriteScope scope, ItemOperation operation)
    {
        // What of the index changes is part of the charge.
        var withBody = scope.KeepsVersions || operation.Kind is OperationKind.Read or OperationKind.Patch or OperationKind.Delete
            || operation.Kind != OperationKind.Create && !scope.Container.Definition.Indexing.IndexesNothing;
        var existing = context.Session.Find(scope.Container, operation.PartitionKey.Effective, operation.Id, withBody);
        if (existing is { } item && item.IsExpired(scope.Container.Definition, context.Now))
        {
            scope.Delete(context, item, VersionKind.Expiry);
            existing = null;
        }

        if (existing is not { } current)
            return operation.Kind is OperationKind.Create or OperationKind.Upsert
                ? Create(context, scope, operation)
                : ItemResult.NotFound(operation.Id);

        var etag = Etag.Of(current.Position, current.Timestamp);
        if (operation.IfMatch is { } wanted && operation.Kind != OperationKind.Create && !Etag.Matches(wanted, etag))
            return ItemResult.PreconditionFailed($"The etag of item '{operation.Id}' is {etag}, not {wanted}.");
        return operation.Kind switch
        {
            OperationKind.Create => ItemResult.Conflict(operation.Id),
            OperationKind.Read => Read(operation, current, etag),
            OperationKind.Delete => Delete(context, scope, current),
            OperationKind.Patch => Patch(context, scope, operation, current),
            _ => Replace(context, scope, operation, operation.Content!, current),
        };
    }

    public static ItemResult Read(ItemOperation operation, in StoredItem current, string etag) =>
        operation.IfNoneMatch is { } known && Etag.Matches(known, etag)
            ? new(304) { Etag = etag, Charge = RequestCharge.Metadata }
            : new(200) { Etag = etag, Body = current.Body, Charge = RequestCharge.Read(current.Body.Length) };

    private static ItemResult Create(WriteContext context, WriteScope scope, ItemOperation operation)
    {
        if (UniqueKeys.Violation(context, scope, operation.Content!, null) is { } violation)
            return ItemResult.UniqueKeyViolation(violation);
        var rid = context.NextItem(scope.Container);
        var item = Render(context, scope, rid, operation, operation.Content!);
        scope.Insert(context, item);
        UniqueKeys.Add(context, scope, operation.Content!, rid);
        var terms = IndexTerms.Count(item.Body, scope.Container.Definition.Indexing);
        return Written(201, item, operation, RequestCharge.Create(item.Size, terms));
    }

    private static ItemResult Replace(
        WriteContext context, WriteScope scope, ItemOperation operation, ItemContent content, in StoredItem current)
    {
        if (content.Id != operation.Id && IsTaken(context, scope, operation, content.Id))
            return ItemResult.Conflict(content.Id);
        if (UniqueKeys.Violation(context, scope, content, current.Rid) is { } violation)
            return ItemResult.UniqueKeyViolation(violation);
        var item = Render(context, scope, current.Rid, operation, content);
        scope.Update(context, current, item);
        UniqueKeys.Replace(context, scope, content, current.Rid);
        var terms = IndexTerms.Changed(current.Body, item.Body, scope.Container.Definition.Indexing);
        return Written(200, item, operation, RequestCharge.Replace(current.Size, item.Size, terms, operation.Patch?.Count ?? 0));
    }

    /// <summary>Whether the id an item is to be given is another's; an expired item gives way.</summary>
    private static bool IsTaken(WriteContext context, WriteScope scope, ItemOperation operation, string id)
    {
        if (context.Session.Find(scope.Container, operation.PartitionKey.Effective, id, withBody: true) is not { } other)
            return false;
        if (!other.IsExpired(scope.Container.Definition, context.Now))
            return true;
        scope.Delete(context, other, VersionKind.Expiry);
        return false;
    }

    private ItemResult Patch(WriteContext context, WriteScope scope, ItemOperation operation, in StoredItem current)
    {
        if (operation.Patch!.Condition is { } condition && !Holds(condition, current.Body))
            return ItemResult.PreconditionFailed("The condition of the patch does not hold for the item.", SubStatus.PatchConditionFailed);
        var content = ItemContent.Parse(operation.Patch.Apply(ItemRenderer.PropertiesOf(current.Body)), scope.Container.Definition);
        if (content.Id != operation.Id)
            return ItemResult.From(CosmosErrorException.BadRequest("A patch cannot change the id."));
        return content.PartitionKey.Effective.AsSpan().SequenceEqual(operation.PartitionKey.Effective)
            ? Replace(context, scope, operation, content, current)
            : ItemResult.From(CosmosErrorException.BadRequest("A patch cannot change the partition key."));
    }

    private bool Holds(string condition, byte[] body)
    {
        try
        {
            return queries.EvaluateCondition(condition, body);
        }
        catch (QueryException exception)
        {
            throw CosmosErrorException.BadRequest($"The condition of the patch is wrong: {exception.Message}");
        }
        catch (QueryNotSupportedException exception)
        {
            throw new CosmosErrorException(501, "NotImplemented", exception.Message);
        }
    }

    private static ItemResult Delete(WriteContext context, WriteScope scope, in StoredItem current)
    {
        scope.Delete(context, current, VersionKind.Delete);
        return new(204) { Charge = RequestCharge.Delete(current.Size, IndexTerms.Count(current.Body, scope.Container.Definition.Indexing)) };
    }

    private static StoredItem Render(WriteContext context, WriteScope scope, ulong rid, ItemOperation operation, ItemContent content)
    {
        var position = scope.NextPosition();
        var body = ItemRenderer.Render(scope.Container, content.Properties, rid, position, context.Now);
        return new(rid, operation.PartitionKey.Effective, content.Id, position, context.Now, content.Ttl, body);
    }

    private static ItemResult Written(int status, in StoredItem item, ItemOperation operation, double charge) => new(status)
    {
        Etag = Etag.Of(item.Position, item.Timestamp),
        Body = operation.Minimal ? null : item.Body,
        Charge = charge,
    };
}
