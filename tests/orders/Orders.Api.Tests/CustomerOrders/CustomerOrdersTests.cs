using System.Text.Json.Nodes;
using Orders.Contracts;
using static Orders.Api.Tests.OrderHistory;

namespace Orders.Api.Tests.CustomerOrders;

public sealed class CustomerOrdersTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();
    private readonly string _customer = $"c-{Guid.NewGuid():N}";

    [Fact]
    public async Task The_orders_of_a_customer_are_listed_page_by_page_the_latest_first()
    {
        var placed = new List<string>();
        for (var i = 0; i < 5; i++)
            placed.Add(await PlaceAsync());
        await PlaceAsync(customer: _customer + "x");

        var seen = new List<string>();
        for (string? continuation = "", query = "?limit=2"; continuation is not null; query = $"?limit=2&continuation={continuation}")
        {
            var response = await GetAsync(query);
            double.Parse(response.Headers.GetValues("X-Request-Charge").Single(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
            var page = await response.JsonAsync();
            seen.AddRange(Ids(page));
            continuation = page["continuation"]?.GetValue<string>();
        }

        seen.ShouldBe(Enumerable.Reverse(placed));
    }

    [Fact]
    public async Task Orders_of_the_very_same_moment_are_neither_lost_nor_repeated()
    {
        var moment = DateTimeOffset.UtcNow;
        var placed = new List<string>();
        for (var i = 0; i < 5; i++)
            placed.Add(await PlaceAsync(at: moment));

        var seen = new List<string>();
        for (string? continuation = "", query = "?limit=2"; continuation is not null; query = $"?limit=2&continuation={continuation}")
        {
            var page = await (await GetAsync(query)).JsonAsync();
            seen.AddRange(Ids(page));
            continuation = page["continuation"]?.GetValue<string>();
        }

        seen.ShouldBe(placed, ignoreOrder: true);
    }

    [Fact]
    public async Task They_can_be_narrowed_down_by_status_and_time()
    {
        var open = await PlaceAsync();
        var done = await PlaceAsync(andThen: [Taxed, Paid, Shipped, Notified(NoticeKind.Shipped)]);

        Ids(await (await GetAsync("?status=Completed")).JsonAsync()).ShouldBe([done]);
        Ids(await (await GetAsync("?status=Placed")).JsonAsync()).ShouldBe([open]);
        Ids(await (await GetAsync("?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z")).JsonAsync()).ShouldBeEmpty();
        Ids(await (await GetAsync("?from=2020-01-01T00:00:00%2B05:00")).JsonAsync()).ShouldBe([done, open]);
    }

    [Theory]
    [InlineData("?status=Shiny", "status")]
    [InlineData("?status=1", "status")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?continuation=nonsense", "continuation")]
    [InlineData("?continuation=", "continuation")]
    public async Task A_wrong_parameter_is_named(string query, string field) => (await (await GetAsync(query)).ProblemAsync(400)).Fields().ShouldBe([field]);

    [Fact]
    public async Task A_continuation_of_another_question_or_one_that_was_changed_is_refused()
    {
        for (var i = 0; i < 3; i++)
            await PlaceAsync();
        var token = (await (await GetAsync("?limit=1")).JsonAsync())["continuation"]!.GetValue<string>();

        await (await GetAsync($"?limit=1&status=Placed&continuation={token}")).ProblemAsync(400);
        await (await _client.GetAsync($"/customers/someone-else/orders?continuation={token}", TestContext.Current.CancellationToken)).ProblemAsync(400);
        var changed = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
        await (await GetAsync($"?limit=1&continuation={changed}")).ProblemAsync(400);
        Ids(await (await GetAsync($"?limit=2&continuation={token}")).JsonAsync()).Count.ShouldBe(2);
    }

    private static List<string> Ids(JsonObject page) => [.. page["orders"]!.AsArray().Select(order => order!["orderId"]!.GetValue<string>())];

    private Task<HttpResponseMessage> GetAsync(string query) =>
        _client.GetAsync($"/customers/{_customer}/orders{query}", TestContext.Current.CancellationToken);

    private async Task<string> PlaceAsync(string? customer = null, DateTimeOffset? at = null, params object[] andThen)
    {
        var body = Bodies.Order();
        body["customerId"] = customer ?? _customer;
        var response = await _client.PostAsync("/orders", body.ToJsonString());
        var id = (await response.JsonAsync())["orderId"]!.GetValue<string>();
        if (andThen.Length > 0)
            await service.AppendToAsync(id, andThen);
        await service.ReplicateAsync(id, at);
        return id;
    }
}
