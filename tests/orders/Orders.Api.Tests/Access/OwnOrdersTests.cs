using System.Net;
using System.Net.Http.Headers;
using Orders.Contracts;
using static Orders.Api.Tests.OrderHistory;

namespace Orders.Api.Tests.Access;

/// <summary>A customer has to do with their own orders and data alone; the back office with everybody's.</summary>
public sealed class OwnOrdersTests : IClassFixture<WithStore>
{
    private const string Reason = """{"reason":"changed my mind"}""";

    private readonly WithStore _store;
    private readonly Closed _closed;
    private readonly string _customer = $"c-{Guid.NewGuid():N}";

    public OwnOrdersTests(WithStore service) => (_store, _closed) = (service, new Closed(service));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("?minVersion=1")]
    [InlineData("?atVersion=0")]
    [InlineData("?atVersion=7")]
    [InlineData("?at=2000-01-01T00:00:00Z")]
    public async Task Somebody_elses_order_is_as_if_there_were_none(string query)
    {
        var id = await PlaceAsync();
        var nothing = Guid.NewGuid().ToString();
        var other = _closed.Customer("c-other");

        var theirs = await other.GetAsync($"/orders/{id}{query}", Stop);
        var none = await other.GetAsync($"/orders/{nothing}{query}", Stop);

        (await theirs.ProblemAsync(404))["detail"]!.GetValue<string>()
            .ShouldBe((await none.ProblemAsync(404))["detail"]!.GetValue<string>().Replace(nothing, id, StringComparison.Ordinal));
        theirs.Headers.Select(h => h.Key).ShouldBe(none.Headers.Select(h => h.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task An_order_the_view_has_seen_is_nobody_elses_either()
    {
        var id = await PlaceAsync();
        await _store.ProjectAsync(id);

        await (await _closed.Customer("c-other").GetAsync($"/orders/{id}", Stop)).ProblemAsync(404);
        (await _closed.Customer(_customer).GetAsync($"/orders/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_else_cancels_an_order_or_learns_that_it_is_there()
    {
        var id = await PlaceAsync();
        await _store.AppendToAsync(id, Taxed, Paid, Shipped);

        await (await _closed.Customer("c-other").PostAsync($"/orders/{id}/cancel", Reason)).ProblemAsync(404);
        await (await _closed.Customer(_customer).PostAsync($"/orders/{id}/cancel", Reason)).ProblemAsync(409);
    }

    [Fact]
    public async Task Customers_see_and_cancel_their_own_orders()
    {
        var id = await PlaceAsync();
        var customer = _closed.Customer(_customer);

        foreach (var query in new[] { "", "?atVersion=0" })
            (await (await customer.GetAsync($"/orders/{id}{query}", Stop)).JsonAsync())["customerId"]!.GetValue<string>().ShouldBe(_customer);
        (await customer.PostAsync($"/orders/{id}/cancel", Reason)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task The_back_office_sees_and_cancels_everybodys_orders_and_a_reader_only_sees_them()
    {
        var id = await PlaceAsync();
        var reader = _closed.WithKey(Closed.ReaderKey);

        (await reader.GetAsync($"/orders/{id}", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await reader.PostAsync($"/orders/{id}/cancel", Reason)).ProblemAsync(403))["detail"]!
            .GetValue<string>().ShouldBe("This needs the role operator.");
        (await _closed.WithKey(Closed.OperatorKey).PostAsync($"/orders/{id}/cancel", Reason)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Customers_order_for_themselves_alone_and_readers_for_nobody()
    {
        var body = Bodies.With("customerId", "\"c-victim\"").ToJsonString();

        (await (await _closed.Customer(_customer).PostAsync("/orders", body)).ProblemAsync(403))["detail"]!.GetValue<string>()
            .ShouldBe($"You order for yourself alone: customerId must be '{_customer}', the subject of your token.");
        await (await _closed.WithKey(Closed.ReaderKey).PostAsync("/orders", body)).ProblemAsync(403);
        (await _closed.WithKey(Closed.OperatorKey).PostAsync("/orders", body)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/orders")]
    [InlineData("GET", "/renaming")]
    [InlineData("GET", "/erasure")]
    public async Task What_is_known_of_a_customer_is_theirs_and_the_back_offices(string method, string path)
    {
        foreach (var who in new[] { _customer, $"{_customer}-known" })
            (await _closed.WithKey(Closed.OperatorKey).PutAsync($"/customers/{who}", Name(), Stop)).StatusCode.ShouldBe(HttpStatusCode.Created);

        // Whether there is such a customer makes no difference to others.
        await (await SendAsync(_closed.Customer("c-other"), _customer)).ProblemAsync(403);
        await (await SendAsync(_closed.Customer("c-other"), "c-nobody")).ProblemAsync(403);
        var reader = await SendAsync(_closed.WithKey(Closed.ReaderKey), _customer);
        if (method == "GET")
            reader.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden);
        else
            await reader.ProblemAsync(403);
        ((int)(await SendAsync(_closed.Customer(_customer), _customer)).StatusCode).ShouldBeOneOf(200, 202, 404); // nobody asked for an erasure yet
        ((int)(await SendAsync(_closed.WithKey(Closed.OperatorKey), $"{_customer}-known")).StatusCode).ShouldBeOneOf(200, 202, 404);

        Task<HttpResponseMessage> SendAsync(HttpClient client, string id) => client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), $"/customers/{id}{path}") { Content = method == "PUT" ? Name() : null }, Stop);
    }

    [Fact]
    public async Task Products_are_the_back_offices_and_everybody_sees_them()
    {
        var customer = _closed.Customer(_customer);
        (await _closed.WithKey(Closed.OperatorKey).PutAsync($"/products/{_customer}", Name(), Stop)).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await customer.GetAsync($"/products/{_customer}", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await customer.PutAsync($"/products/{_customer}", Name(), Stop)).ProblemAsync(403);
        await (await customer.GetAsync($"/products/{_customer}/renaming", Stop)).ProblemAsync(403);
        await (await customer.GetAsync("/stats", Stop)).ProblemAsync(403);
    }

    private static StringContent Name() => new("""{"name":"Ada"}""", new MediaTypeHeaderValue("application/json"));

    private async Task<string> PlaceAsync()
    {
        var response = await _closed.Customer(_customer).PostAsync("/orders", Bodies.With("customerId", $"\"{_customer}\"").ToJsonString());
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await response.JsonAsync())["orderId"]!.GetValue<string>();
    }
}
