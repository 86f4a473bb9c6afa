using System.Net.Http.Json;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.DeadLetters;
using Orders.Hosting;

namespace Orders.CustomerCare.Tests.Auditing;

public sealed class NoAuditNoActionTests(WithStore service) : IClassFixture<WithStore>
{
    [Fact]
    public async Task What_cannot_be_kept_is_neither_done_nor_shown()
    {
        var client = service.Client(WithStore.OperatorKey);
        var id = await service.AppendAsync(Given.Placed);
        await service.Services.GetRequiredService<OrdersDatabase>().Get(AuditContainers.CareAudit)
            .DeleteContainerAsync(cancellationToken: TestContext.Current.CancellationToken);

        var cancelled = await client.PostAsJsonAsync(
            $"/care/orders/{id}/cancel", new { reason = "the customer called" }, TestContext.Current.CancellationToken);
        ((int)cancelled.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        var shown = await client.GetAsync($"/care/orders/{id}", key: null);
        ((int)shown.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        (await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("ada@example.org");
        var store = service.Services.GetRequiredService<CosmosEventStore>();
        (await store.ReadStreamAsync(id, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Data.ShouldBeOfType<OrderPlaced>();

        var desk = service.Services.GetRequiredService<DeadLetterClient>();
        await Should.ThrowAsync<Exception>(() => service.Services.GetRequiredService<ParkedOrderActions>()
            .AskAsync(DeadLetterAction.Replay, "tax", id, "ada", "because", TestContext.Current.CancellationToken));
        (await desk.RequestsAsync("tax", id, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }
}
