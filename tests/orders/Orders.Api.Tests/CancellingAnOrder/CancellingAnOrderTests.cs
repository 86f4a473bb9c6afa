using System.Net;
using ChangeFeed.EventStore;
using Orders.Contracts;
using static Orders.Api.Tests.OrderHistory;

namespace Orders.Api.Tests.CancellingAnOrder;

public sealed class CancellingAnOrderTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task A_paid_order_is_cancelled_by_one_event_however_often_one_asks()
    {
        var id = await PlaceAsync(Taxed, Paid);

        var first = await CancelAsync(id);
        var again = await CancelAsync(id);

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = (await first.JsonAsync()).ToJsonString();
        answer.ShouldBe($$"""{"orderId":"{{id}}","status":"Cancelled","version":3}""");
        (await again.JsonAsync()).ToJsonString().ShouldBe(answer);
        var stream = await StreamAsync(id);
        stream.Count.ShouldBe(4);
        stream[3].Data.ShouldBe(new OrderCancelled("changed my mind"));
        stream[3].Meta.By.ShouldBe("orders-api");
    }

    [Fact]
    public async Task A_shipped_order_is_not_cancelled()
    {
        var id = await PlaceAsync(Taxed, Paid, Shipped);

        (await (await CancelAsync(id)).ProblemAsync(409))["detail"]!.GetValue<string>().ShouldContain("shipped");
        (await StreamAsync(id)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_declined_order_has_nothing_to_cancel() =>
        (await (await CancelAsync(await PlaceAsync(Taxed, Declined))).ProblemAsync(409))["detail"]!.GetValue<string>().ShouldContain("declined");

    [Fact]
    public async Task An_unknown_order_is_not_found()
    {
        await (await CancelAsync(Guid.NewGuid().ToString())).ProblemAsync(404);
        await (await CancelAsync("17")).ProblemAsync(404);
    }

    [Fact]
    public async Task Cancelling_at_the_same_time_cancels_once()
    {
        var id = await PlaceAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CancelAsync(id)));

        responses.ShouldAllBe(r => r.StatusCode == HttpStatusCode.Accepted);
        (await StreamAsync(id)).Count(e => e.Data is OrderCancelled).ShouldBe(1);
    }

    [Fact]
    public async Task Of_cancelling_and_shipping_at_the_same_time_exactly_one_wins()
    {
        var id = await PlaceAsync(Taxed, Paid);

        var shipping = service.AppendToAsync(id, Shipped).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default);
        var cancelling = CancelAsync(id);

        var shipped = await shipping;
        var status = (await cancelling).StatusCode;
        status.ShouldBe(shipped ? HttpStatusCode.Conflict : HttpStatusCode.Accepted);
        (await StreamAsync(id)).Count.ShouldBe(4);
    }

    private Task<HttpResponseMessage> CancelAsync(string id) => _client.PostAsync($"/orders/{id}/cancel", """{"reason":"changed my mind"}""");

    private async Task<string> PlaceAsync(params object[] andThen)
    {
        var response = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());
        var id = (await response.JsonAsync())["orderId"]!.GetValue<string>();
        if (andThen.Length > 0)
            await service.AppendToAsync(id, andThen);
        return id;
    }

    private Task<IReadOnlyList<RecordedEvent>> StreamAsync(string id) => service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);
}
