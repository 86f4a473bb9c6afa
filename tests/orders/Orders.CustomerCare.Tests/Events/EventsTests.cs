using System.Text;
using System.Text.Json.Nodes;

namespace Orders.CustomerCare.Tests.Events;

public sealed class EventsTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task An_order_is_everything_that_happened_to_it_in_order()
    {
        var id = await service.StoreAsync();

        var events = (await (await GetAsync($"{id}/events")).JsonAsync()).AsArray();

        events.Select(e => e!["type"]!.GetValue<string>()).ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentDeclined"]);
        events.Select(e => e!["version"]!.GetValue<long>()).ShouldBe([0, 1, 2]);
        var second = events[1]!.AsObject();
        second.Select(field => field.Key).ShouldBe(["id", "version", "type", "schema", "data", "meta"]);
        second["id"]!.GetValue<string>().ShouldBe("1");
        second["data"]!["tax"]!.GetValue<decimal>().ShouldBe(10.23m);
        second["meta"]!["by"]!.GetValue<string>().ShouldBe("tax");
        second["meta"]!["causationId"]!.GetValue<string>().ShouldBe(events[0]!["meta"]!["eventId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Many_events_come_in_pages()
    {
        var id = await service.StoreAsync();

        var first = await GetAsync($"{id}/events?limit=2");
        Versions(await first.JsonAsync()).ShouldBe([0, 1]);
        var link = first.Headers.GetValues("Link").Single();
        link.ShouldBe($"</care/orders/{id}/events?from=2&limit=2>; rel=\"next\"");
        var second = await _client.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)], key: null);
        Versions(await second.JsonAsync()).ShouldBe([2]);
        second.Headers.Contains("Link").ShouldBeFalse();
        Versions(await (await GetAsync($"{id}/events?from=3")).JsonAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_event_can_be_looked_at()
    {
        var id = await service.StoreAsync();

        (await (await GetAsync($"{id}/events/2")).JsonAsync())["data"]!["reason"]!.GetValue<string>().ShouldBe("insufficient funds");
        await (await GetAsync($"{id}/events/3")).ProblemAsync(404);
    }

    [Fact]
    public async Task A_document_nobody_understands_is_shown_all_the_same()
    {
        var id = await service.StoreAsync();
        await service.AppendRawAsync(id, Encoding.UTF8.GetBytes($$"""{"id":"3","streamId":"{{id}}","version":3,"type":"Teleported","data":17}"""));

        var events = (await (await GetAsync($"{id}/events")).JsonAsync()).AsArray();
        events.Count.ShouldBe(4);
        events[3]!.ToJsonString().ShouldBe("""{"id":"3","version":3,"type":"Teleported","data":17}""");
        (await (await GetAsync(id)).JsonAsync())["problem"]!.GetValue<string>().ShouldStartWith("Event 3 cannot be read:");
    }

    [Fact]
    public async Task A_text_that_begins_like_a_sealed_one_is_shown_and_makes_no_order_unreadable()
    {
        const string text = "sealed1.Yy0xMDAx.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        var id = await service.StoreAsync();
        await service.AppendRawAsync(id, Encoding.UTF8.GetBytes($$"""{"id":"3","streamId":"{{id}}","version":3,"type":"OrderCancelled","data":{"reason":"{{text}}"} }"""));

        var events = (await (await GetAsync($"{id}/events")).JsonAsync()).AsArray();

        events[3]!["data"]!["reason"]!.GetValue<string>().ShouldBe(text);
        (await GetAsync(id)).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/events?from=5")]
    [InlineData("/events/0")]
    [InlineData("")]
    [InlineData("/at?version=0")]
    [InlineData("/causation")]
    public async Task An_unknown_order_is_not_found(string what)
    {
        await (await GetAsync($"{Guid.NewGuid()}{what}")).ProblemAsync(404);
        await (await GetAsync($"17{what}")).ProblemAsync(404);
    }

    [Theory]
    [InlineData("/events?from=x", "from")]
    [InlineData("/events?from=-1", "from")]
    [InlineData("/events?limit=0", "limit")]
    [InlineData("/events?limit=1001", "limit")]
    [InlineData("/events/x", "version")]
    [InlineData("/at", "version")]
    [InlineData("/at?version=1&time=2026-03-14T15:09:26Z", "version")]
    [InlineData("/at?version=-1", "version")]
    [InlineData("/at?time=yesterday", "time")]
    public async Task What_is_wrong_is_named(string what, string parameter) =>
        (await (await GetAsync(Guid.NewGuid() + what)).ProblemAsync(400))["errors"]!.AsObject().Select(e => e.Key).ShouldBe([parameter]);

    private static IEnumerable<long> Versions(JsonNode events) => events.AsArray().Select(e => e!["version"]!.GetValue<long>());

    private Task<HttpResponseMessage> GetAsync(string what) => _client.GetAsync($"/care/orders/{what}", key: null);
}
