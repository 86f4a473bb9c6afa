using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Domain;
using Orders.Shopper;

namespace TestSupport;

/// <summary>The final reckoning: whatever was killed, every order ended correctly and every effect happened exactly once.</summary>
internal static class Books
{
    public static async Task ShouldBalanceAsync(RunningPipeline pipeline, IReadOnlyDictionary<string, IntendedEnd> orders, TimeSpan deadline)
    {
        orders.ShouldNotBeEmpty();
        using var client = pipeline.CreateCosmosClient();
        var store = new CosmosEventStore(client.GetContainer("orders", "events"), OrderEvents.Map, TimeProvider.System);

        var open = await Eventually.GetAsync(
            async () => await OpenAsync(pipeline, store, orders.Keys), left => left.Count == 0, deadline, "The end of every order");
        open.ShouldBeEmpty();

        var effects = Effects.Of(pipeline);
        var audited = 0;
        foreach (var (id, end) in orders)
        {
            var stream = await store.ReadStreamAsync(id, TestContext.Current.CancellationToken);
            var types = stream.Select(e => e.Type).ToList();
            var story = $"order {id} ({end}): {string.Join(", ", types)}";
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(0, stream.Count).Select(v => (long)v), story);
            // The only event that happens more than once is that the customer was told: again for each time an agent asked for it.
            var asked = types.Count(t => t == nameof(NotificationRequested));
            types.Count(t => t == nameof(CustomerNotified)).ShouldBe(1 + asked, story);
            var once = types.Where(t => t is not (nameof(NotificationRequested) or nameof(CustomerNotified))).ToList();
            once.Distinct().Count().ShouldBe(once.Count, story);

            var state = OrderState.Fold(stream);
            effects.Captures[id].Count().ShouldBe(state.Payment is null ? 0 : 1, story);
            effects.Refunds[id].Count().ShouldBe(state.Refund is null ? 0 : 1, story);
            effects.Shipments[id].Count().ShouldBe(state.Shipment is null ? 0 : 1, story);
            effects.MailsOf(id).ShouldBe(1 + asked, story);
            audited += types.Count(t => t is "TaxCalculated" or "PaymentRefunded");
            state.Status.ShouldBeOneOf(ExpectedEnds(end), story);
        }

        HandlingOrder.ShouldBeKept(pipeline.Logs());
        await Eventually.GetAsync(
            () => Effects.AuditRecordsOfAsync(pipeline, orders.Keys.ToList()), count => count == audited, deadline, $"{audited} audit records");

        var verified = await ViewsCommand.RunAsync(pipeline, "verify", "--settle", "60");
        verified.ExitCode.ShouldBe(0, verified.Output);
    }

    /// <summary>Orders that have not ended yet, or whose view is behind, or whose gateway or carrier has not had its last word.</summary>
    private static async Task<List<string>> OpenAsync(RunningPipeline pipeline, CosmosEventStore store, IEnumerable<string> orders)
    {
        var open = new List<string>();
        var effects = Effects.Of(pipeline);
        foreach (var id in orders)
        {
            var stream = await store.ReadStreamAsync(id, TestContext.Current.CancellationToken);
            var state = OrderState.Fold(stream);
            var ended = state.Status is OrderStatus.Completed
                || (state.Notices.Count > 0 && state.Status is OrderStatus.PaymentDeclined or OrderStatus.Rejected or OrderStatus.Cancelled);
            var answered = state.NoticeRequest is null && (state.RefundRequest is null || state.Refund is not null);
            var settled = state.Status is not OrderStatus.Cancelled
                || ((state.Tax is null || effects.Decided(id) is not null)
                    && effects.Captures[id].Count() == effects.Refunds[id].Count() && !effects.Shipments[id].Any());
            if (!ended || !settled || !answered || (await pipeline.GetOrderAsync(id)).GetProperty("version").GetInt64() != stream[^1].Version)
                open.Add($"{id}: {string.Join(", ", stream.Select(e => e.Type))}{(settled ? "" : ", not settled")}{(answered ? "" : ", not answered")}");
        }

        return open;
    }

    private static OrderStatus?[] ExpectedEnds(IntendedEnd end) => end switch
    {
        IntendedEnd.Declined => [OrderStatus.PaymentDeclined],
        IntendedEnd.Rejected => [OrderStatus.Rejected],
        IntendedEnd.Cancelled => [OrderStatus.Cancelled, OrderStatus.Completed],
        _ => [OrderStatus.Completed],
    };
}
