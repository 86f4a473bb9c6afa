using Orders.Contracts;
using Orders.Domain;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

public class NameBackfillTests(ViewsOnStore store) : IClassFixture<ViewsOnStore>
{
    private static readonly Reference Customer = new(ReferenceKind.Customer, "c-1001");
    private static readonly Reference Product = new(ReferenceKind.Product, "KB-01");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_orders_get_the_names_there_are_and_those_that_have_ended_the_names_they_had()
    {
        await store.CallAsync(Customer, "Ada King", 3);
        var (open, ended, erased) = (Order("open", Taxed()), Order("ended", Cancelled()), Order("erased", new PersonalDataErased(60)));
        ReferenceName[] had = [new(ReferenceKind.Customer, "c-1001", "Ada", 2), new(ReferenceKind.Product, "KB-01", "Keyboard, quiet", 1)];
        foreach (var order in new[] { open, ended, erased })
            await store.Database.Get(ViewContainers.OrderStatus).CreateItemAsync(order with { Names = had }, new(order.Id), cancellationToken: Stop);
        await store.BuildAsync("order-status", 2, [open, ended, erased]);

        for (var again = 0; again < 2; again++)
            await new NameBackfill(new OrderStatusProjection(), store.Database, new KnownNames(store.References.ReadNameAsync, TimeProvider.System))
                .RunAsync(1, 2, Stop);

        (await NamesAsync("open")).ShouldBe(("Ada King", "Keyboard, quiet"));
        (await NamesAsync("ended")).ShouldBe(("Ada", "Keyboard, quiet"));
        (await NamesAsync("erased")).ShouldBe((null, null));
    }

    private static OrderStatusDocument Order(string id, object andThen) => OrderStatusDocument.Fold(Given(Placed(), andThen).Events)! with { Id = id };

    private async Task<(string? Customer, string? Product)> NamesAsync(string id)
    {
        OrderStatusDocument order = await store.Database.View("order-status", 2).ReadItemAsync<OrderStatusDocument>(id, new(id), cancellationToken: Stop);
        return (order.NameOf(Customer), order.NameOf(Product));
    }
}
