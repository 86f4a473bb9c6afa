using System.Text.Json;

namespace Orders.Pipeline.Tests;

[Collection(nameof(SharedPipeline))]
public sealed class HappyPathTests(SharedPipeline shared)
{
    private readonly RunningPipeline _pipeline = shared.Pipeline;

    [Fact]
    public async Task An_order_is_taxed_paid_shipped_and_notified()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order());

        var order = await _pipeline.WithStatusAsync(id, "Completed");
        (await _pipeline.EventsAsync(id)).Types()
            .ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentCaptured", "OrderShipped", "CustomerNotified"]);
        order.GetProperty("subtotal").GetDecimal().ShouldBe(99.80m);
        order.GetProperty("total").GetDecimal().ShouldBe(order.GetProperty("subtotal").GetDecimal() + order.GetProperty("tax").GetDecimal());
        order.GetProperty("shipment").GetProperty("trackingNumber").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Every_event_names_the_one_that_caused_it_and_all_share_one_trace()
    {
        var events = await _pipeline.EndedAsync(await _pipeline.PlaceAsync(OrderClient.Order()));

        var metas = events.Select(e => e.GetProperty("meta")).ToList();
        foreach (var (cause, effect) in metas.Zip(metas.Skip(1)))
            effect.GetProperty("causationId").GetString().ShouldBe(cause.GetProperty("eventId").GetString());
        metas.Select(m => m.GetProperty("by").GetString()).ShouldBe(["orders-api", "tax", "payment", "fulfillment", "notification"]);
        metas.Select(m => m.GetProperty("traceparent").GetString()!.Split('-')[1]).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task The_mail_lies_in_the_pickup_folder()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order());
        await _pipeline.EndedAsync(id);

        Effects.Of(_pipeline).MailsOf(id).ShouldBe(1);
    }

    [Theory]
    [InlineData("tok_slow")]
    [InlineData("tok_flaky")]
    public async Task A_slow_or_flaky_gateway_delays_an_order_and_captures_once(string token)
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order(token));

        await _pipeline.WithStatusAsync(id, "Completed");
        (await _pipeline.EventsAsync(id)).Types().Count(t => t == "PaymentCaptured").ShouldBe(1);
        Effects.Of(_pipeline).Captures[id].Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_can_wait_for_the_version_it_wrote()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order());

        using var response = await _pipeline.Orders.GetAsync($"/orders/{id}?minVersion=4", TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        response.Headers.GetValues("X-View-Version").Single().ShouldBe("4");
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .RootElement.GetProperty("status").GetString().ShouldBe("Completed");
    }
}
