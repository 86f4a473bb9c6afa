using System.Net;
using ChangeFeed.EventStore;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Tests.Access;
using Orders.Contracts;
using Orders.PersonalData;

namespace Orders.Api.Tests.PlacingAnOrder;

/// <summary>An Idempotency-Key is its caller's.</summary>
public sealed class IdempotencyOfCallersTests : IClassFixture<WithStore>
{
    private readonly WithStore _store;
    private readonly Closed _closed;
    private readonly string _key = Guid.NewGuid().ToString();

    public IdempotencyOfCallersTests(WithStore service) => (_store, _closed) = (service, new Closed(service));

    [Fact]
    public async Task The_same_key_of_two_callers_is_two_orders_and_each_finds_their_own_again()
    {
        var (first, firstId) = await PlaceAsync(_closed.Customer("c-1"), "c-1");
        var (second, secondId) = await PlaceAsync(_closed.Customer("c-2"), "c-2");
        var (machine, machineId) = await PlaceAsync(_closed.WithKey(Closed.OperatorKey), "c-1");
        var (nobody, nobodyId) = await PlaceAsync(_store.CreateClient(), "c-3");

        new[] { first, second, machine, nobody }.ShouldAllBe(status => status == HttpStatusCode.Created);
        new[] { firstId, secondId, machineId, nobodyId }.ShouldBeUnique();
        (await PlaceAsync(_closed.Customer("c-1"), "c-1")).ShouldBe((HttpStatusCode.OK, firstId));
        (await PlaceAsync(_closed.Customer("c-2"), "c-2")).ShouldBe((HttpStatusCode.OK, secondId));
        (await PlaceAsync(_closed.WithKey(Closed.OperatorKey), "c-1")).ShouldBe((HttpStatusCode.OK, machineId));
        (await PlaceAsync(_store.CreateClient(), "c-3")).ShouldBe((HttpStatusCode.OK, nobodyId));
    }

    [Fact]
    public async Task An_order_from_before_there_were_callers_is_found_again_by_whoever_sends_it_again()
    {
        var id = OrderId.FromIdempotencyKey(_key);
        var placed = Orders.Api.PlacingAnOrder.Placement.Decide(Examples.Order) with { CustomerId = "c-1" };
        var @sealed = await _store.Services.GetRequiredService<PersonalDataProtector>().SealAsync(placed, TestContext.Current.CancellationToken);
        await _store.Events.AppendAsync(id, CosmosEventStore.NoStream, [@sealed], new AppendContext("orders-api"), TestContext.Current.CancellationToken);

        (await PlaceAsync(_closed.Customer("c-1"), "c-1")).ShouldBe((HttpStatusCode.OK, id));
        (await PlaceAsync(_closed.WithKey(Closed.OperatorKey), "c-1")).ShouldBe((HttpStatusCode.OK, id));
        // Whoever else has the same key meanwhile has an order of their own.
        var (status, other) = await PlaceAsync(_closed.Customer("c-2"), "c-2");
        status.ShouldBe(HttpStatusCode.Created);
        other.ShouldNotBe(id);
    }

    [Fact]
    public void A_callers_id_of_an_order_is_never_that_of_another_caller_or_of_a_key_alone()
    {
        string[] ids =
        [
            OrderId.FromIdempotencyKey("b"), OrderId.FromIdempotencyKey("a", "b"), OrderId.FromIdempotencyKey("a", "c"),
            OrderId.FromIdempotencyKey("Bearer\na", "b"), OrderId.FromIdempotencyKey("ApiKey\na", "b"), OrderId.FromIdempotencyKey("", "b"),
        ];

        ids.ShouldBeUnique();
    }

    private async Task<(HttpStatusCode Status, string Id)> PlaceAsync(HttpClient client, string customer)
    {
        var response = await client.PostAsync("/orders", Bodies.With("customerId", $"\"{customer}\"").ToJsonString(), _key);
        var answer = await response.JsonAsync();
        return (response.StatusCode, answer["orderId"]?.GetValue<string>() ?? answer.ToJsonString());
    }
}
