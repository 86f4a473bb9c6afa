using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Create, upsert, read, replace, patch and delete of single items.</summary>
internal sealed class ItemEndpoints(EngineState state)
{
    private const int MaxBody = ItemContent.MaxSize + 1024;

    public async Task CreateAsync(CosmosRequest request, Container container)
    {
        var content = ItemContent.Parse(await request.ReadBodyAsync(MaxBody), container.Definition);
        var kind = request.Flag(Headers.IsUpsert) ? OperationKind.Upsert : OperationKind.Create;
        await WriteAsync(request, container, new(kind, KeyOf(request, container, content), content.Id) { Content = content });
    }

    public async Task ReplaceAsync(CosmosRequest request, Container container, string id)
    {
        var content = ItemContent.Parse(await request.ReadBodyAsync(MaxBody), container.Definition);
        await WriteAsync(request, container, new(OperationKind.Replace, KeyOf(request, container, content), id) { Content = content });
    }

    public async Task PatchAsync(CosmosRequest request, Container container, string id)
    {
        var patch = PatchDocument.Parse(await request.ReadBodyAsync(MaxBody));
        await WriteAsync(request, container, new(OperationKind.Patch, KeyOf(request, container), id) { Patch = patch });
    }

    public Task DeleteAsync(CosmosRequest request, Container container, string id) =>
        WriteAsync(request, container, new(OperationKind.Delete, KeyOf(request, container), id));

    public Task ReadAsync(CosmosRequest request, Container container, string id)
    {
        var key = KeyOf(request, container);
        var partition = container.PartitionOf(key.Effective);
        var lsn = partition.Lsn;
        request.CheckSession(partition);
        using var session = state.Store.Read();
        var found = session.Find(container, key.Effective, id, withBody: true);
        var response = request.Http.Response;
        response.Session(partition, lsn);
        if (found is not { } item || item.IsExpired(container.Definition, state.Now))
            return response.WriteItemAsync(ItemResult.NotFound(id));

        var etag = Etag.Of(item.Position, item.Timestamp);
        return request.Header("If-None-Match") is { } known && Etag.Matches(known, etag)
            ? response.WriteItemAsync(new(304) { Etag = etag, Charge = RequestCharge.Metadata })
            : response.WriteItemAsync(new(200) { Etag = etag, Body = item.Body, Charge = RequestCharge.Read(item.Body.Length) });
    }

    /// <summary>The id of the item a rid is that of; the rid itself where it is no item's.</summary>
    public string IdOf(Container container, string rid)
    {
        if (ResourceId.DocumentNumber(container.RidBytes, rid) is not { } number)
            return rid;
        using var session = state.Store.Read();
        return session.Find(container, number)?.Id ?? rid;
    }

    /// <summary>Deletes all items of a partition key, some at a time, and answers when none is left.</summary>
    public async Task DeleteKeyAsync(CosmosRequest request, Container container)
    {
        var key = KeyOf(request, container);
        var partition = container.PartitionOf(key.Effective);
        double charge = 0;
        while (true)
        {
            var ids = IdsOf(container, key);
            if (ids.Count == 0)
                break;
            ItemOperation[] operations = [.. ids.Select(id => new ItemOperation(OperationKind.Delete, key, id))];
            var outcome = await state.Committer.RunAsync(new ItemCommand(container, operations, atomic: false, state.Items));
            partition = outcome.Partition;
            charge += outcome.Results.Sum(result => result.Charge);
        }
        request.Http.Response.Session(partition, partition.Lsn);
        request.Http.Response.Charge(charge);
        await request.Http.Response.WriteEmptyAsync(200);
    }

    private List<string> IdsOf(Container container, PartitionKey key)
    {
        using var session = state.Store.Read();
        var scan = new ItemScan(EpkRange.Prefix(key.Effective)) { Keys = [EpkRange.Prefix(key.Effective)] };
        return
        [
            .. session.Scan(container, scan).Where(item => !item.IsExpired(container.Definition, state.Now))
                .Take(BatchEndpoint.MaxOperations).Select(item => ItemRenderer.IdOf(item.Body))
        ];
    }

    private async Task WriteAsync(CosmosRequest request, Container container, ItemOperation operation)
    {
        if (request.Header(Headers.PreTriggers) is not null || request.Header(Headers.PostTriggers) is not null)
            throw CosmosErrorException.NotImplemented("triggers");
        operation = operation with
        {
            IfMatch = request.Header("If-Match"),
            IfNoneMatch = request.Header("If-None-Match"),
            Minimal = request.Minimal
        };
        var outcome = await state.Committer.RunAsync(new ItemCommand(container, [operation], atomic: true, state.Items));
        request.Http.Response.Session(outcome.Partition, outcome.Lsn);
        await request.Http.Response.WriteItemAsync(outcome.Results[0]);
    }

    private static PartitionKey KeyOf(CosmosRequest request, Container container)
    {
        var header = request.Header(Headers.PartitionKey)
            ?? (container.Definition.PartitionKey.IsSystem ? "[]" : null)
            ?? throw CosmosErrorException.BadRequest($"The request names no partition key ({Headers.PartitionKey}).");
        var key = PartitionKey.Parse(header, container.Definition.PartitionKey);
        return key.Components.Length == container.Definition.PartitionKey.Paths.Length
            ? key
            : throw CosmosErrorException.BadRequest(
                $"The partition key {header} has {key.Components.Length} values, "
                + $"the container has {container.Definition.PartitionKey.Paths.Length} paths.",
                SubStatus.PartitionKeyMismatch);
    }

    private static PartitionKey KeyOf(CosmosRequest request, Container container, ItemContent content)
    {
        if (request.Header(Headers.PartitionKey) is not { } header)
            return content.PartitionKey;
        Check(PartitionKey.Parse(header, container.Definition.PartitionKey), content);
        return content.PartitionKey;
    }

    /// <summary>Refuses an item whose own partition key is not the one the request names.</summary>
    public static void Check(PartitionKey named, ItemContent content)
    {
        if (!named.Effective.AsSpan().SequenceEqual(content.PartitionKey.Effective))
            throw CosmosErrorException.BadRequest(
                "PartitionKey extracted from document doesn't match the one specified in the header.", SubStatus.PartitionKeyMismatch);
    }
}
