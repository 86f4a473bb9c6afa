using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests;

public class ViewsServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CosmosViewStore<OrderStatusDocument> View => new(service.Database.Get(ViewContainers.OrderStatus), new OrderStatusProjection().Json);

    [Fact]
    public async Task An_order_is_shown_as_its_events_tell_it()
    {
        var id = await service.AppendAsync(Placed(), Taxed(), Captured());
        await service.AppendToAsync(id, Shipped());

        OrderStatusDocument? document = null;
        await Eventually.UntilAsync(async () => (document = (await View.ReadAsync(ViewKey.ById(id), Stop))?.Document)?.Version == 3);

        (document!.Status, document.CustomerId, document.Tax, document.Total, document.Shipment)
            .ShouldBe((OrderStatus.Shipped, "c-1001", 6.49m, 106.29m, Shipped()));
    }

    [Fact]
    public async Task Customers_and_products_that_are_renamed_are_renamed_in_open_orders()
    {
        await service.Database.Get(ReferenceContainers.Customers)
            .UpsertItemAsync(new CustomerDocument("c-1001", 1, "Ada", Start), new("c-1001"), cancellationToken: Stop);
        var (open, ended) = (await service.AppendAsync(Placed()), await service.AppendAsync(Placed(), Cancelled()));
        await Eventually.UntilAsync(async () => (await NamesAsync(open)).Customer == "Ada" && (await NamesAsync(ended)).There);

        await service.Database.Get(ReferenceContainers.Customers)
            .UpsertItemAsync(new CustomerDocument("c-1001", 2, "Ada King", Start), new("c-1001"), cancellationToken: Stop);
        await service.Database.Get(ReferenceContainers.Products)
            .UpsertItemAsync(new ProductDocument("KB-01", 1, "Keyboard, quiet", Start), new("KB-01"), cancellationToken: Stop);

        await Eventually.UntilAsync(async () => await NamesAsync(open) == (true, "Ada King", "Keyboard, quiet"));
        (await NamesAsync(ended)).Customer.ShouldNotBe("Ada King");
        var health = await service.CreateClient().GetStringAsync("/health", Stop);
        health.ShouldContain("names-customers");
    }

    private async Task<(bool There, string? Customer, string? Product)> NamesAsync(string id)
    {
        var order = (await View.ReadAsync(ViewKey.ById(id), Stop))?.Document;
        return (order is not null, order?.NameOf(new(ReferenceKind.Customer, "c-1001")), order?.NameOf(new(ReferenceKind.Product, "KB-01")));
    }
}
