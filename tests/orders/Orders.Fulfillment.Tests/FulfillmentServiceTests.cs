using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Fulfillment.Tests;

public class FulfillmentServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    [Fact]
    public async Task A_paid_order_is_shipped()
    {
        var stream = await service.StreamEndingWithAsync<OrderShipped>(await service.AppendAsync(Placed(), Taxed(), Captured()));

        (stream[3].Meta.By, stream[3].Meta.CausationId).ShouldBe(("fulfillment", stream[2].Meta.EventId));
        service.Files.Files("shipments").Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_order_of_what_is_out_of_stock_is_rejected()
    {
        var stream = await service.StreamEndingWithAsync<FulfillmentRejected>(
            await service.AppendAsync(Placed(sku: "OUT-OF-STOCK"), Taxed(), Captured()));

        stream[3].Data.ShouldBe(Rejected());
    }
}
