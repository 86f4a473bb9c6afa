using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orders.CustomerCare.Auditing;

namespace Orders.CustomerCare.Tests.Auditing;

public sealed class AuditTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _operator = service.Client(WithStore.OperatorKey);
    private readonly HttpClient _reader = service.Client(WithStore.ReaderKey);

    [Fact]
    public async Task What_was_done_to_an_order_is_kept_with_who_why_and_what_came_of_it()
    {
        var id = await service.AppendAsync(Given.Placed);
        await _operator.PostAsJsonAsync($"/care/orders/{id}/cancel", new { reason = "the customer called" }, TestContext.Current.CancellationToken);
        await _operator.PostAsJsonAsync($"/care/orders/{id}/cancel", new { reason = "called again" }, TestContext.Current.CancellationToken);

        var records = await FindAsync($"subject=order/{id}");
        records.Select(r => (Text(r, "who"), Text(r, "action"), Text(r, "why"), Text(r, "outcome"))).ShouldBe(
        [
            ("development", "cancel", "called again", "The order is cancelled already."),
            ("development", "cancel", "the customer called", "done"),
        ]);
    }

    [Fact]
    public async Task What_was_asked_for_what_waits_of_an_order_is_found_with_the_order()
    {
        var id = Guid.NewGuid().ToString();
        await service.StoreDeadLetterAsync(new ParkedStream
        {
            Id = $"stream.{id}",
            Endpoint = "payment",
            StreamId = id,
            Status = ParkedStreamStatus.Parked,
            Version = 1,
            Waiting = 1,
            ParkedAt = DateTimeOffset.UtcNow,
        });
        (await _operator.PostAsJsonAsync($"/care/dead-letters/payment/{id}/replay", new { reason = "it is back" }, TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
        (await _reader.GetAsync($"/care/dead-letters/payment/{id}", key: null)).EnsureSuccessStatusCode();

        var records = await FindAsync($"subject=order/{id}");
        records.Select(r => (Text(r, "who"), Text(r, "action"))).ShouldBe([("ada", "read-letters"), ("development", "replay")]);
        (Text(records[1], "why"), records[1]["what"]!["service"]!.GetValue<string>()).ShouldBe(("it is back", "payment"));
    }

    [Fact]
    public async Task Whoever_looks_at_an_order_is_kept_once_a_minute_and_who_finds_none_is_not()
    {
        var id = await service.StoreAsync();
        for (var i = 0; i < 3; i++)
            (await _reader.GetAsync($"/care/orders/{id}", key: null)).EnsureSuccessStatusCode();
        foreach (var url in new[] { "at?version=0", "events", "events/1", "causation" })
            (await _reader.GetAsync($"/care/orders/{id}/{url}", key: null)).EnsureSuccessStatusCode();
        (await service.Client(null).GetAsync($"/orders/{id}", key: null)).EnsureSuccessStatusCode(); // the page
        (await _reader.GetAsync($"/care/orders/{id}/events/9", key: null)).IsSuccessStatusCode.ShouldBeFalse();

        // At the turn of a minute there may be one of each more.
        (await FindAsync($"subject=order/{id}")).Select(r => (Text(r, "who"), Text(r, "action"))).Distinct().ShouldBe(
            [("ada", "read-order"), ("ada", "read-events"), ("anonymous", "read-order")], ignoreOrder: true);
        var nobody = Guid.NewGuid();
        await (await _reader.GetAsync($"/care/orders/{nobody}", key: null)).ProblemAsync(404);
        (await FindAsync($"subject=order/{nobody}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_search_is_kept_without_what_may_be_an_address()
    {
        var sku = $"S-{Guid.NewGuid()}";
        (await _reader.GetAsync($"/care/search?q={sku}", key: null)).EnsureSuccessStatusCode();
        (await _reader.GetAsync("/care/search?q=ada@example.org", key: null)).EnsureSuccessStatusCode();

        var searched = (await FindAsync("who=ada")).Where(r => Text(r, "action") == "search").Select(r => r["what"]!["for"]!.GetValue<string>()).ToList();
        searched.ShouldContain(sku);
        searched.ShouldContain("(not kept)");
        searched.ShouldAllBe(text => !text.Contains('@'));
    }

    [Fact]
    public async Task Records_come_in_pages_that_follow_each_other_and_only_to_operators()
    {
        var audit = service.Services.GetRequiredService<AuditTrail>();
        var who = $"w-{Guid.NewGuid()}";
        for (var i = 0; i < AuditTrail.PageSize + 5; i++)
            await audit.RecordAccessAsync($"order/{Guid.NewGuid()}", who, "read-order", TestContext.Current.CancellationToken);

        var first = await (await _operator.GetAsync($"/care/audit?who={who}", key: null)).JsonAsync();
        var next = first["next"]!.GetValue<string>();
        var second = await (await _operator.GetAsync($"/care/audit?who={who}&before={Uri.EscapeDataString(next)}", key: null)).JsonAsync();
        var all = first["records"]!.AsArray().Concat(second["records"]!.AsArray()).Select(r => Text(r!, "id")).ToList();
        (all.Count, all.Distinct().Count(), second["next"]).ShouldBe((AuditTrail.PageSize + 5, AuditTrail.PageSize + 5, null));

        var tomorrow = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(1).ToString("O"));
        (await FindAsync($"who={who}&from={tomorrow}")).ShouldBeEmpty();
        (await FindAsync($"who={who}&to={tomorrow}")).Count.ShouldBe(AuditTrail.PageSize);
        await (await _operator.GetAsync("/care/audit?from=yesterday", key: null)).ProblemAsync(400);
        await (await _reader.GetAsync("/care/audit", key: null)).ProblemAsync(403);
    }

    private async Task<List<JsonNode>> FindAsync(string query) =>
        [.. (await (await _operator.GetAsync($"/care/audit?{query}", key: null)).JsonAsync())["records"]!.AsArray().OfType<JsonNode>()];

    private static string Text(JsonNode record, string name) => record[name]!.GetValue<string>();
}
