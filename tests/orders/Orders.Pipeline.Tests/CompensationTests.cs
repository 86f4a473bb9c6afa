using System.Net;

namespace Orders.Pipeline.Tests;

[Collection(nameof(SharedPipeline))]
public sealed class CompensationTests(SharedPipeline shared)
{
    private readonly RunningPipeline _pipeline = shared.Pipeline;

    [Fact]
    public async Task A_declined_payment_ends_the_order_and_tells_the_customer()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order("tok_declined"));

        (await _pipeline.EndedAsync(id)).Types().ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentDeclined", "CustomerNotified"]);
        await _pipeline.WithStatusAsync(id, "PaymentDeclined");
        Effects.Of(_pipeline).Captures[id].ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_shipped_is_refunded_before_the_customer_is_told()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order(sku: "OUT-OF-STOCK"));

        (await _pipeline.EndedAsync(id)).Types()
            .ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentCaptured", "FulfillmentRejected", "PaymentRefunded", "CustomerNotified"]);
        await _pipeline.WithStatusAsync(id, "Rejected");
        Effects.Of(_pipeline).Refunds[id].Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_order_cancelled_while_the_payment_is_slow_is_never_shipped_and_the_money_goes_back()
    {
        // On a busy machine the cancellation can come before the gateway is asked at all; then nothing is captured, and it is tried again.
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var id = await _pipeline.PlaceAsync(OrderClient.Order("tok_slow"));
            await _pipeline.WithStatusAsync(id, "Taxed");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken); // a quarter into the slow capture
            using var response = await _pipeline.CancelAsync(id);
            response.StatusCode.ShouldBe(HttpStatusCode.Accepted);

            await _pipeline.WithStatusAsync(id, "Cancelled");
            var types = (await _pipeline.EndedAsync(id)).Types();
            types.ShouldNotContain("OrderShipped");
            if (!await GatewayDecidedAsync(id))
                continue;

            types = (await _pipeline.EndedAsync(id, untilRefunded: true)).Types();
            types.ShouldBe(
                ["OrderPlaced", "TaxCalculated", "OrderCancelled", "PaymentCaptured", "PaymentRefunded", "CustomerNotified"], ignoreOrder: true);
            var effects = Effects.Of(_pipeline);
            (effects.Captures[id].Count(), effects.Refunds[id].Count(), effects.MailsOf(id)).ShouldBe((1, 1, 1));
            return;
        }

        Assert.Fail("Of five cancelled orders none was being paid at that moment.");
    }

    [Fact]
    public async Task A_shipped_order_cannot_be_cancelled()
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order());
        var before = await _pipeline.EndedAsync(id);

        using var response = await _pipeline.CancelAsync(id);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _pipeline.EventsAsync(id)).Count.ShouldBe(before.Count);
    }

    [Fact]
    public async Task Orders_cancelled_at_any_moment_are_either_shipped_or_refunded_never_both()
    {
        var random = new Random(20260301);
        var delays = Enumerable.Range(0, 40).Select(_ => TimeSpan.FromMilliseconds(random.Next(0, 60))).ToList();
        await Parallel.ForEachAsync(delays, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (delay, cancellation) =>
        {
            var id = await _pipeline.PlaceAsync(OrderClient.Order());
            await Task.Delay(delay, cancellation); // the moment of the cancellation is what varies, not a wait for something
            using var response = await _pipeline.CancelAsync(id);

            var types = (await _pipeline.EndedAsync(id)).Types();
            types.Count(t => t == "CustomerNotified").ShouldBe(1);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                types.ShouldContain("OrderCancelled");
                // Without a tax nothing is ever asked of the gateway.
                var captured = types.Contains("TaxCalculated") && await GatewayDecidedAsync(id);
                types = (await _pipeline.EndedAsync(id, untilRefunded: captured)).Types();
                types.ShouldNotContain("OrderShipped");
                Effects.Of(_pipeline).Refunds[id].Count().ShouldBe(captured ? 1 : 0);
                await Eventually.GetAsync(
                    () => Task.FromResult(Effects.Of(_pipeline).Shipments[id].Count()), booked => booked == 0, what: $"Voiding the shipment of {id}");
            }
            else
            {
                response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
                types.ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentCaptured", "OrderShipped", "CustomerNotified"]);
            }
        });
    }

    /// <summary>Whether money was captured, once that can no longer change.</summary>
    private async Task<bool> GatewayDecidedAsync(string id) => (await Eventually.GetAsync(
        () => Task.FromResult(Effects.Of(_pipeline).Decided(id)), decided => decided is not null, what: $"The gateway's last word on {id}"))!.Value;
}
