using Orders.Contracts;
using static Orders.Testing.OrderStream;

namespace Orders.Tax.Tests;

public class TaxServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    [Fact]
    public async Task An_order_that_was_placed_is_taxed()
    {
        var id = await service.AppendAsync(Placed());

        var stream = await service.StreamEndingWithAsync<TaxCalculated>(id);

        stream[1].Data.ShouldBe(Taxed());
        (stream[1].Meta.By, stream[1].Meta.CausationId).ShouldBe(("tax", stream[0].Meta.EventId));
    }
}
