using ChangeFeed.DeltaLake;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Archive;
using Orders.Archive.Cooling;
using Orders.Contracts;
using Orders.Hosting;

namespace Orders.Testing;

/// <summary>An archive of the orders of a service, and what takes them there and back: as the sink and the command do it, forty days later.</summary>
/// <param name="Directory">Where the archive is; <c>Sinks:Archive:Directory</c> of the service.</param>
public sealed record ColdOrders(string Directory)
{
    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private static readonly TimeProvider InFortyDays = new Later(TimeSpan.FromDays(40));

    /// <summary>The table.</summary>
    public DeltaTable Table { get; } = new ArchiveLocation(Directory, "", "").Table(1, TimeProvider.System, "test");

    /// <summary>Long enough that nothing expires during a test that does not wait for it.</summary>
    public CoolingOptions Options { get; init; } = new(TimeSpan.FromDays(30));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The event store of the service, which reads here what has left.</summary>
    public CosmosEventStore Reading(OrdersDatabase database) =>
        new(database.Events, OrderEvents.Map, TimeProvider.System, new ArchivedStreams(Table, OrderEvents.Map));

    /// <summary>Writes every event there is into the archive.</summary>
    public async Task ArchiveAsync(OrdersDatabase database)
    {
        using var sink = new ArchiveSink(Table, OrderEvents.Map, NullLogger<ArchiveSink>.Instance);
        await foreach (var page in new ChangeFeedReader(database.Events, OrderEvents.Map).ReadAsync(cancellationToken: Stop))
            if (page.Events.Count > 0)
                await sink.WriteAsync([.. page.Events.Select((e, i) => new DeliveredEvent(e, "0", i))], Stop);
    }

    /// <summary>Takes out what has ended, as soon as every endpoint has handled it.</summary>
    public async Task<CoolingResult> CoolAsync(OrdersDatabase database)
    {
        var result = new CoolingResult();
        await Eventually.UntilAsync(async () =>
        {
            try
            {
                result = await Cooling(database).RunAsync(Options, Stop);
                return true;
            }
            catch (CoolingException e) when (e.Message.StartsWith("Endpoint", StringComparison.Ordinal))
            {
                return false;
            }
        });
        return result;
    }

    /// <summary>What takes orders out.</summary>
    public StreamCooling Cooling(OrdersDatabase database) => new(
        database.Events,
        database.DeadLetters,
        new HandledEvents(database.EventFeed, database.Leases, database.Controls, TimeProvider.System),
        Table,
        OrderEvents.Map,
        InFortyDays);

    /// <summary>Brings an order back.</summary>
    public Task<int> RestoreAsync(OrdersDatabase database, string order) =>
        new StreamRestore(database.Events, new ArchivedStreams(Table, OrderEvents.Map), OrderEvents.Map).RunAsync(order, Stop);
}
