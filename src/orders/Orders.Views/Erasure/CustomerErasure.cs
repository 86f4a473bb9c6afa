using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;

namespace Orders.Views.Erasure;

/// <summary>
/// Erases a customer: drops the key their personal data is sealed with, and appends to each of their orders the event that makes every view
/// mark and then lose what it shows of it. Each step can be taken again, so whoever takes over after a crash simply begins anew.
/// </summary>
public sealed class CustomerErasure(
    OrdersDatabase database, CosmosEventStore store, ICustomerKeys keys, CustomerOrderScan scan, IOptions<ErasureOptions> options, TimeProvider time,
    ILogger<CustomerErasure> logger)
{
    private const int SavedEvery = 100;

    private static readonly AppendContext Appender = new("erasure");

    /// <summary>Erases the customer when their document says so.</summary>
    public async Task OnCustomerChangedAsync(string customerId, CancellationToken cancellationToken)
    {
        if (await database.Get(ReferenceContainers.Customers)
            .FindAsync(customerId, customerId, ReadModelsJson.Default.CustomerDocument, cancellationToken) is { Document.ErasedAt: { } requestedAt })
            await RunAsync(customerId, requestedAt, cancellationToken);
    }

    /// <summary>Erases what there is of a customer. Returns once all of it is marked.</summary>
    public async Task RunAsync(string customerId, DateTimeOffset requestedAt, CancellationToken cancellationToken)
    {
        if (await database.Get(ErasureContainers.Erasures)
            .FindAsync(ErasureDocument.Document, customerId, ReadModelsJson.Default.ErasureDocument, cancellationToken) is { Document.DoneAt: not null })
            return;
        var record = new ErasureDocument(ErasureDocument.Document, customerId, requestedAt, await keys.DropAsync(customerId, cancellationToken), 0);
        await SaveAsync(record, cancellationToken);

        // Who placed an order had asked for the key before it was dropped, and may append until the time is over: so the last look is after it.
        var dropped = time.GetTimestamp();
        while (true)
        {
            var left = options.Value.SettleTime - time.GetElapsedTime(dropped);
            record = record with { Orders = await MarkAllAsync(record, cancellationToken) };
            if (left <= TimeSpan.Zero)
                break;
            await Task.Delay(left, time, cancellationToken);
        }

        // Who placed an order may also have noted its address; should they have crashed, nobody else takes it back.
        await keys.DropAsync(customerId, cancellationToken);
        await SaveAsync(record with { DoneAt = time.GetUtcNow() }, cancellationToken);
        logger.LogInformation("Customer {CustomerId} is erased; {Orders} orders are marked.", customerId, record.Orders);
    }

    private async Task<int> MarkAllAsync(ErasureDocument record, CancellationToken cancellationToken)
    {
        var orders = await scan.FindAsync(record.CustomerId, cancellationToken);
        foreach (var (marked, order) in orders.Index())
        {
            await MarkAsync(order, cancellationToken);
            if ((marked + 1) % SavedEvery == 0)
                await SaveAsync(record with { Orders = Math.Max(marked + 1, record.Orders) }, cancellationToken);
        }

        await SaveAsync(record with { Orders = Math.Max(orders.Count, record.Orders) }, cancellationToken);
        return orders.Count;
    }

    private Task MarkAsync(string order, CancellationToken cancellationToken) => store.DecideAsync(
        order, (_, token) => IsMarkedAsync(order, token), (marked, _) => ValueTask.FromResult(Decide(marked)), Appender, cancellationToken);

    private Decision<bool> Decide(bool marked) =>
        marked ? new(false) : new(true, new PersonalDataErased((int)options.Value.MarkerLifetime.TotalSeconds));

    /// <summary>Looked up without reading the events: an order with an event that nobody can read is erased like any other.</summary>
    private async ValueTask<StreamState<bool>> IsMarkedAsync(string order, CancellationToken cancellationToken)
    {
        if (await store.FindColdAsync(order, cancellationToken) is not null)
        {
            // What is in the archive can be read; how far the stream goes, the documents that are here do not say.
            var stream = await store.ReadStreamAsync(order, cancellationToken);
            return new(stream.Any(e => e.Data is PersonalDataErased), stream[^1].Version);
        }

        var (last, marked) = (CosmosEventStore.NoStream, false);
        using var pages = database.Events.GetItemQueryIterator<JsonElement>(
            new QueryDefinition("SELECT c.version, c.type FROM c"), requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(order) });
        while (pages.HasMoreResults)
        {
            foreach (var e in await pages.ReadNextAsync(cancellationToken))
            {
                last = Math.Max(last, e.GetProperty("version"u8).GetInt64());
                marked |= e.TryGetProperty("type"u8, out var type) && type.ValueEquals(nameof(PersonalDataErased));
            }
        }

        return new(marked, last);
    }

    private Task SaveAsync(ErasureDocument record, CancellationToken cancellationToken) =>
        database.Get(ErasureContainers.Erasures).UpsertAsync(record.CustomerId, record, ReadModelsJson.Default.ErasureDocument, cancellationToken);
}
