using System.Net;
using ChangeFeed.EventStore;
using Orders.Contracts;

namespace Orders.Api.Tests.PlacingAnOrder;

public sealed class PlacingAnOrderTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task An_order_is_the_first_event_of_its_stream()
    {
        var response = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var answer = await response.JsonAsync();
        var id = answer["orderId"]!.GetValue<string>();
        answer.ToJsonString().ShouldBe($$"""{"orderId":"{{id}}","status":"Placed","version":0}""");
        response.Headers.Location?.OriginalString.ShouldBe($"/orders/{id}");
        var first = (await StreamAsync(id)).ShouldHaveSingleItem();
        first.Data.ShouldBeOfType<OrderPlaced>().Subtotal.ShouldBe(99.80m);
        first.Meta.By.ShouldBe("orders-api");
        first.Meta.CausationId.ShouldBeNull();
    }

    [Fact]
    public async Task The_event_carries_the_trace_of_the_request()
    {
        var response = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());

        var traceOf = (string header) => header.Split('-')[1];
        var id = (await response.JsonAsync())["orderId"]!.GetValue<string>();
        traceOf((await StreamAsync(id))[0].Meta.TraceParent.ShouldNotBeNull())
            .ShouldBe(traceOf(response.Headers.GetValues("traceresponse").Single()));
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_order()
    {
        var key = Guid.NewGuid().ToString();
        var first = await _client.PostAsync("/orders", Bodies.Order().ToJsonString(), key);
        var again = await _client.PostAsync("/orders", Bodies.With("lines[0].unitPrice", "49.9").ToJsonString(), key);

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.JsonAsync()).ToJsonString().ShouldBe((await first.JsonAsync()).ToJsonString());
        again.Headers.Location.ShouldBe(first.Headers.Location);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        var first = await _client.PostAsync("/orders", Bodies.Order().ToJsonString(), key);
        var other = await _client.PostAsync("/orders", Bodies.With("lines[0].quantity", "3").ToJsonString(), key);

        (await other.ProblemAsync(422))["detail"]!.GetValue<string>().ShouldContain("Idempotency-Key");
        (await StreamAsync((await first.JsonAsync())["orderId"]!.GetValue<string>())).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Retries_at_the_same_time_end_as_one_order()
    {
        var key = Guid.NewGuid().ToString();
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _client.PostAsync("/orders", Bodies.Order().ToJsonString(), key)));

        responses.Count(r => r.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        responses.Count(r => r.StatusCode == HttpStatusCode.OK).ShouldBe(19);
        var ids = await Task.WhenAll(responses.Select(async r => (await r.JsonAsync())["orderId"]!.GetValue<string>()));
        (await StreamAsync(ids.Distinct().ShouldHaveSingleItem())).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Different_orders_at_the_same_time_with_one_key_end_as_one_order()
    {
        var key = Guid.NewGuid().ToString();
        var responses = await Task.WhenAll(Enumerable.Range(1, 10).Select(n =>
            _client.PostAsync("/orders", Bodies.With("lines[0].quantity", $"{n}").ToJsonString(), key)));

        responses.Count(r => r.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        responses.Count(r => r.StatusCode == HttpStatusCode.UnprocessableEntity).ShouldBe(9);
    }

    [Fact]
    public async Task A_refused_order_leaves_no_trace_in_the_store()
    {
        var key = Guid.NewGuid().ToString();
        await (await _client.PostAsync("/orders", Bodies.With("lines[0].quantity", "0").ToJsonString(), key)).ProblemAsync(400);

        (await StreamAsync(OrderId.FromIdempotencyKey(key))).ShouldBeEmpty();
        (await _client.PostAsync("/orders", Bodies.Order().ToJsonString(), key)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private Task<IReadOnlyList<RecordedEvent>> StreamAsync(string id) => service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken);
}
