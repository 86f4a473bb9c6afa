using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.CustomerCare.Search;
using Orders.Domain;
using Orders.Hosting;
using Orders.PersonalData;
using Orders.ReadModels;

namespace Orders.CustomerCare.Tests.Search;

/// <summary>The views are played by the tests: what is found is what they would have written.</summary>
public sealed class SearchTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly string _mine = Guid.NewGuid().ToString("N");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OrdersDatabase Database => service.Services.GetRequiredService<OrdersDatabase>();

    [Fact]
    public async Task An_order_is_found_by_its_id_its_customer_an_article_its_shipment_and_words_of_a_reason()
    {
        var order = await StoreAsync(Order(), SearchTerms.Sku($"S-{_mine}"), SearchTerms.Tracking($"T-{_mine}"));
        await StoreAsync(new SearchDocument
        {
            Id = $"{order}:2",
            Term = SearchTerms.Word(_mine),
            OrderId = order,
            Version = 2,
            PlacedAt = Noon,
            Words = ["because", "of", _mine],
        });
        await StoreAsync(Order() with { CustomerId = "somebody else" });

        foreach (var text in new[] { order, $"c-{_mine}", $"s-{_mine}", $"T-{_mine}", _mine, $"{_mine} because" })
            (await FindAsync(("q", text))).ShouldBe([order], text);
        foreach (var text in new[] { Guid.NewGuid().ToString(), $"{_mine} surely", $"S-{Guid.NewGuid():N}" })
            (await FindAsync(("q", text))).ShouldBeEmpty(text);
    }

    [Fact]
    public async Task An_order_is_found_by_the_address_of_its_customer_which_nothing_keeps()
    {
        var order = await StoreAsync(Order());
        await service.Services.GetRequiredService<ICustomerKeys>().GetOrCreateAsync($"c-{_mine}", $"{_mine}@example.org", Stop);

        (await FindAsync(("q", $"{_mine.ToUpperInvariant()}@example.org"))).ShouldBe([order]);
        (await FindAsync(("q", $"{_mine}@example.com"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_an_address_that_many_customers_share_every_order_is_found_some_customers_at_a_time()
    {
        var orders = new List<string>();
        for (var i = 0; i < 2 * OrderSearch.CustomersAtOnce + 5; i++)
        {
            var customer = $"c-{_mine}-{i:00}";
            orders.Add(await StoreAsync(Order() with { CustomerId = customer, PlacedAt = Noon.AddSeconds(i) }));
            await service.Services.GetRequiredService<ICustomerKeys>().GetOrCreateAsync(customer, $"{_mine}@example.org", Stop);
        }

        var first = await (await service.Client(null).GetAsync($"/care/search?q={_mine}%40example.org", Stop)).JsonAsync();
        first["orders"]!.AsArray().Count.ShouldBe(OrderSearch.CustomersAtOnce);
        first["requestCharge"]!.GetValue<double>().ShouldBeLessThan(OrderSearch.CustomersAtOnce * 10);
        (await FindAsync(("q", $"{_mine}@example.org"))).ShouldBe(orders, ignoreOrder: true);
        (await FindAsync(("q", $"{_mine}@example.org"), ("customer", $"c-{_mine}-54"))).ShouldBe([orders[54]]);
    }

    [Fact]
    public async Task A_search_without_hits_costs_what_it_may_and_says_where_it_goes_on()
    {
        await using var service = new WithStore();
        await ((IAsyncLifetime)service).InitializeAsync();
        await using var frugal = service.WithWebHostBuilder(host => host
            .UseSetting("CustomerCare:Search:RequestUnits", "100").UseSetting("CustomerCare:Search:Burst", "10000000"));
        var store = frugal.Services.GetRequiredService<CosmosEventStore>();
        await Parallel.ForAsync(0, 1500, Stop, async (_, stop) => await store.AppendAsync(
            Guid.NewGuid().ToString(), CosmosEventStore.NoStream, [Examples.Stream[0].Data], new AppendContext("test"), stop));
        var client = frugal.CreateClient();

        var (pages, next, charges) = (0, "", new List<double>());
        do
        {
            var query = new Dictionary<string, string?> { ["type"] = "OrderShipped", ["continuation"] = next.Length == 0 ? null : next };
            var page = await (await client.GetAsync(QueryHelpers.AddQueryString("/care/search", query), Stop)).JsonAsync();
            page["orders"]!.AsArray().ShouldBeEmpty();
            charges.Add(page["requestCharge"]!.GetValue<double>());
            next = page["next"]?.GetValue<string>() ?? "";
            (++pages).ShouldBeLessThan(100);
        }
        while (next.Length > 0);

        charges.Sum().ShouldBeGreaterThan(1000);
        pages.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_key_that_has_spent_what_it_may_is_told_when_to_come_again()
    {
        await using var service = new WithStore();
        await ((IAsyncLifetime)service).InitializeAsync();
        await using var frugal = service.WithWebHostBuilder(host => host
            .UseSetting("CustomerCare:Search:RequestUnits", "1000").UseSetting("CustomerCare:Search:Burst", "1000")
                .UseSetting("CustomerCare:Search:RequestUnitsPerSecond", "1"));
        var client = frugal.CreateClient();
        (await client.GetAsync("/care/search?status=Placed", Stop)).EnsureSuccessStatusCode();

        var refused = await client.GetAsync("/care/search?status=Placed", Stop);

        (await refused.ProblemAsync(429))["detail"]!.GetValue<string>()
            .ShouldStartWith("Searching has cost what this caller may spend: 1 request units a second.");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await client.GetAsync("/search?status=Placed&q=x", Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task What_is_given_beside_the_text_has_to_hold_as_well()
    {
        var placed = await StoreAsync(Order(), SearchTerms.Sku(_mine));
        var declined = await StoreAsync(Order() with { Status = OrderStatus.PaymentDeclined, PlacedAt = Noon.AddHours(1) }, SearchTerms.Sku(_mine));
        await AppendAsync(declined, new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 1), "payment");
        var other = await StoreAsync(Order() with { CustomerId = "c-other", PlacedAt = Noon.AddHours(2) }, SearchTerms.Sku(_mine));

        (await FindAsync(("q", _mine))).ShouldBe([other, declined, placed]);
        (await FindAsync(("q", _mine), ("status", "PaymentDeclined"))).ShouldBe([declined]);
        (await FindAsync(("q", _mine), ("customer", "c-other"))).ShouldBe([other]);
        (await FindAsync(("q", _mine), ("from", "2026-03-14T12:30:00Z"), ("to", "2026-03-14T14:00:00Z"))).ShouldBe([declined]);
        (await FindAsync(("q", _mine), ("type", "PaymentDeclined"))).ShouldBe([declined]);
        (await FindAsync(("q", _mine), ("type", "PaymentDeclined"), ("service", "tax"))).ShouldBeEmpty();
        (await FindAsync(("customer", $"c-{_mine}"), ("service", "payment"))).ShouldBe([declined]);
        (await FindAsync(("status", "PaymentDeclined"), ("from", "2026-03-14T13:00:00Z"), ("to", "2026-03-14T13:00:01Z"))).ShouldBe([declined]);
    }

    [Fact]
    public async Task What_happened_lately_is_found_by_its_type_and_by_who_did_it_the_latest_first()
    {
        var by = $"agent-{_mine}";
        var orders = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            orders.Insert(0, await StoreAsync(Order()));
            await AppendAsync(orders[0], new OrderCancelled("the customer called"), by);
        }

        (await FindAsync(("type", "OrderCancelled"), ("service", by))).ShouldBe(orders);
        (await FindAsync(("service", by))).ShouldBe(orders);
        (await FindAsync(("service", by), ("status", "Cancelled"))).ShouldBeEmpty();
        (await FindAsync(("type", "OrderShipped"), ("service", by))).ShouldBeEmpty();
        (await FindAsync(("service", by), ("to", DateTimeOffset.UtcNow.AddHours(-1).ToString("O")))).ShouldBeEmpty();
        (await FindAsync(("service", by), ("from", DateTimeOffset.UtcNow.AddDays(-30).ToString("O")))).ShouldBe(orders);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_whatever_was_placed_at_the_same_moment_and_from_wherever_it_comes()
    {
        var orders = new List<string>();
        for (var i = 0; i < 70; i++)
        {
            // Found as the customer's, as the article, or as both.
            var order = Order() with { PlacedAt = Noon.AddSeconds(i / 30), CustomerId = i % 3 == 0 ? "c-other" : _mine };
            orders.Insert(0, await StoreAsync(order, i % 2 == 0 || i % 3 == 0 ? [SearchTerms.Sku(_mine)] : []));
        }

        (await FindAsync(("q", _mine))).ShouldBe(orders, ignoreOrder: true);
        (await FindAsync(("q", _mine), ("status", "Completed"))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("q", "control\u0001character")]
    [InlineData("status", "Lost")]
    [InlineData("status", "1")]
    [InlineData("type", "OrderLost")]
    [InlineData("from", "yesterday")]
    [InlineData("continuation", "older")]
    public async Task A_search_that_is_wrong_names_the_value(string name, string value) =>
        (await (await service.Client(null).GetAsync(QueryHelpers.AddQueryString("/care/search", name, value), Stop)).ProblemAsync(400))["errors"]!.AsObject()
            .ShouldContainKey(name);

    [Fact]
    public async Task A_continuation_only_fits_its_own_search()
    {
        for (var i = 0; i < 26; i++)
            await StoreAsync(Order() with { PlacedAt = Noon.AddSeconds(i) });
        var page = await (await service.Client(null).GetAsync($"/care/search?customer=c-{_mine}", Stop)).JsonAsync();

        var other = await service.Client(null).GetAsync($"/care/search?customer=c-{_mine}&status=Placed&continuation={page["next"]!.GetValue<string>()}", Stop);
        (await other.ProblemAsync(400))["errors"]!.AsObject().ShouldContainKey("continuation");
    }

    private OrderStatusDocument Order() => OrderStatusDocument.Fold(Examples.Stream.Take(1))! with { CustomerId = $"c-{_mine}", PlacedAt = Noon };

    private async Task<string> StoreAsync(OrderStatusDocument order, params IEnumerable<string> terms)
    {
        order = order with { Id = Guid.NewGuid().ToString() };
        await AppendAsync(order.Id, Examples.Stream[0].Data, "orders-api");
        await Database.Get(ViewContainers.OrderStatus).UpsertAsync(order.Id, order, ReadModelsJson.Default.OrderStatusDocument, Stop);
        await Database.Get(ViewContainers.CustomerOrders).UpsertAsync(order.CustomerId, order, ReadModelsJson.Default.OrderStatusDocument, Stop);
        foreach (var term in terms)
            await StoreAsync(new SearchDocument { Id = $"{order.Id}:0", Term = term, OrderId = order.Id, Version = 0, PlacedAt = order.PlacedAt });
        return order.Id;
    }

    private Task StoreAsync(SearchDocument document) =>
        Database.View("search", 1).UpsertAsync(document.Term, document, ReadModelsJson.Default.SearchDocument, Stop);

    private async Task AppendAsync(string order, object data, string by)
    {
        var store = service.Services.GetRequiredService<CosmosEventStore>();
        var stream = await store.ReadStreamAsync(order, Stop);
        await store.AppendAsync(order, stream.Count - 1, [data], new AppendContext(by), Stop);
    }

    /// <summary>The orders of all pages.</summary>
    private async Task<List<string>> FindAsync(params (string Name, string Value)[] values)
    {
        var found = new List<string>();
        var query = values.ToDictionary(v => v.Name, v => (string?)v.Value);
        do
        {
            var page = await (await service.Client(null).GetAsync(QueryHelpers.AddQueryString("/care/search", query), Stop)).JsonAsync();
            found.AddRange(page["orders"]!.AsArray().Select(o => o!["id"]!.GetValue<string>()));
            page["requestCharge"]!.GetValue<double>().ShouldBeGreaterThanOrEqualTo(0);
            query["continuation"] = page["next"]?.GetValue<string>();
        }
        while (query["continuation"] is not null);
        found.ShouldBeUnique();
        return found;
    }
}
