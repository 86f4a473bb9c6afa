extern alias emulator;
using ChangeFeed.Projections.Versions;
using ChangeFeed.ServiceDefaults;
using emulator::ChangeFeed.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Contracts;
using Orders.Domain;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

/// <summary>A store with views, customers and products in it, and no service that reads them.</summary>
public sealed class ViewsOnStore : IAsyncLifetime
{
    private EmulatorHost? _store;
    private WebApplication? _services;

    public OrdersDatabase Database { get; private set; } = null!;

    public ReferenceData References { get; private set; } = null!;

    public RenamingStore Renamings { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["ConnectionStrings:cosmos"] = _store.ConnectionString;
        builder.AddOrderService("test");
        builder.Services.AddReadModels();
        builder.Services.AddContainers(HostingContainers.Feed);
        _services = builder.Build();
        Database = _services.Services.GetRequiredService<OrdersDatabase>();
        await Database.CreateAsync(CancellationToken.None);
        References = new ReferenceData(Database, _services.Services.GetRequiredService<ILogger<ReferenceData>>());
        Renamings = new RenamingStore(Database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    public Renamer Renamer(IRenamingStore? renamings = null, TimeSpan? everybodyKnows = null) =>
        new(Database, new ViewDirectory(Database.ViewDatabase, TimeProvider.System), References, renamings ?? Renamings,
            TimeProvider.System)
        { EverybodyKnows = everybodyKnows ?? TimeSpan.FromMilliseconds(50) };

    /// <summary>Writes a customer or product as its API would.</summary>
    public Task CallAsync(Reference reference, string name, long version) => reference.Kind == ReferenceKind.Customer
        ? Database.Get(ReferenceContainers.Customers)
            .UpsertItemAsync(new CustomerDocument(reference.Id, version, name, Start), new(reference.Id), cancellationToken: Stop)
        : Database.Get(ReferenceContainers.Products)
            .UpsertItemAsync(new ProductDocument(reference.Id, version, name, Start), new(reference.Id), cancellationToken: Stop);

    /// <summary>Puts orders of a customer for a product into both views.</summary>
    public async Task<IReadOnlyList<string>> OrdersAsync(int count, string customer, string sku, params object[] andThen)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid().ToString()).ToList();
        await Parallel.ForEachAsync(ids, Stop, async (id, stop) =>
        {
            var events = Given([Placed(sku: sku) with { CustomerId = customer }, .. andThen]).Events;
            var order = OrderStatusDocument.Fold(events)! with { Id = id };
            await Database.Get(ViewContainers.OrderStatus).CreateItemAsync(order, new(id), cancellationToken: stop);
            await Database.Get(ViewContainers.CustomerOrders).CreateItemAsync(order, new(customer), cancellationToken: stop);
        });
        return ids;
    }

    /// <summary>Makes a second version of a view, with documents that were built from events alone.</summary>
    public async Task BuildAsync(string view, int version, IEnumerable<OrderStatusDocument> orders)
    {
        await Database.Get(ViewContainers.OrderStatus)
            .Database.CreateContainerIfNotExistsAsync(Database.View(view, version).Id, "/id", cancellationToken: Stop);
        foreach (var order in orders)
            await Database.View(view, version).CreateItemAsync(order, new(order.Id), cancellationToken: Stop);
    }

    /// <summary>What an order shows for a customer or product in both views.</summary>
    public async Task<(string? OrderStatus, string? CustomerOrders)> NamesAsync(string id, string customer, Reference reference)
    {
        OrderStatusDocument status = await Database.Get(ViewContainers.OrderStatus).ReadItemAsync<OrderStatusDocument>(id, new(id), cancellationToken: Stop);
        OrderStatusDocument orders = await Database.Get(ViewContainers.CustomerOrders)
            .ReadItemAsync<OrderStatusDocument>(id, new(customer), cancellationToken: Stop);
        return (status.NameOf(reference), orders.NameOf(reference));
    }
}

/// <summary>A store that does something before it writes, or fails to.</summary>
internal sealed class DisturbedStore(IRenamingStore store, Func<RenamingDocument, Task> beforeWrite) : IRenamingStore
{
    public Task<(RenamingDocument? Renaming, string? ETag)> ReadAsync(Reference reference, CancellationToken cancellationToken) =>
        store.ReadAsync(reference, cancellationToken);

    public async Task<string?> TryWriteAsync(RenamingDocument renaming, string? etag, CancellationToken cancellationToken)
    {
        await beforeWrite(renaming);
        return await store.TryWriteAsync(renaming, etag, cancellationToken);
    }
}
