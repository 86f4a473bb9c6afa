using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.CustomerCare.Tests.Pages;

namespace Orders.CustomerCare.Tests.DeadLetters;

/// <summary>An event that puts an order right is appended in an agent's name, once, and to the order as it was looked at.</summary>
public sealed class CorrectionEventTests(WithStore service) : IClassFixture<WithStore>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_appended_in_the_agents_name_and_audited()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed);

        var order = await (await PostAsync(id, Asked())).JsonAsync();

        order["version"]!.GetValue<long>().ShouldBe(2);
        var stream = await service.Events.ReadStreamAsync(id, Stop);
        ((TaxCalculated)stream[2].Data).Rate.ShouldBe(0.07m);
        stream[2].Meta.By.ShouldBe("development");
        var audit = (await service.AuditAsync($"order/{id}")).Single(record => record!["action"]!.GetValue<string>() == "append-event")!;
        (audit["why"]!.GetValue<string>(), audit["outcome"]!.GetValue<string>()).ShouldBe(("a slip", "done"));
        audit["what"]!["type"]!.GetValue<string>().ShouldBe("TaxCalculated");
        audit.ToJsonString().ShouldNotContain("0.07", customMessage: "values may be personal, and the trail is kept");
    }

    [Fact]
    public async Task An_order_that_has_gone_on_is_left_alone_and_of_two_at_once_one_is_appended()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed);
        foreach (var after in new[] { 0, 2, 10 })
            await (await PostAsync(id, Asked(after))).ProblemAsync(409);

        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(id, Asked())));

        both.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        both.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(3);
        (await service.Events.ReadStreamAsync(id, Stop)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task It_is_appended_behind_an_event_that_nobody_can_read()
    {
        var id = await service.AppendAsync(Given.Placed);
        await service.AppendRawAsync(id, 1, "TaxCalculated", """{"rate":"much"}""");

        (await PostAsync(id, Asked())).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await service.Events.ReadEventAsync(id, 2, Stop))!.Type.ShouldBe("TaxCalculated");
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_appended()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed);
        var unknown = Data();
        unknown["ratee"] = 1;

        (await ErrorAsync(id, Asked(type: "Nonsense")))["type"]!.ToJsonString().ShouldContain("Must be one of FulfillmentRejected, ");
        foreach (var sealedOne in new[] { "OrderPlaced", "CustomerNotified", "PersonalDataErased" })
            (await ErrorAsync(id, Asked(type: sealedOne))).ShouldContainKey("type");
        (await ErrorAsync(id, Asked(data: new JsonObject { ["rate"] = "much" })))["data"]!.ToJsonString().ShouldContain("Is none of a TaxCalculated");
        (await ErrorAsync(id, Asked(data: unknown)))["data"]!.ToJsonString().ShouldContain("'ratee' that a TaxCalculated does not have");
        (await ErrorAsync(id, Asked(reason: " "))).Select(error => error.Key).ShouldBe(["reason"]);
        await (await PostAsync(Guid.NewGuid().ToString(), Asked())).ProblemAsync(404);
        using var reader = service.Client(WithStore.ReaderKey);
        await (await reader.PostAsJsonAsync($"/care/orders/{id}/events", Asked(), Stop)).ProblemAsync(403);
        (await service.Events.ReadStreamAsync(id, Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public void Every_type_is_offered_but_those_with_sealed_values_and_the_mark_of_an_erasure() =>
        EventData.Types.ShouldBe(
            OrderEvents.Map.Names.Except(["OrderPlaced", "CustomerNotified", "PersonalDataErased"]).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_page_of_a_parked_order_appends_it_and_leaves_what_waits()
    {
        var id = await service.AppendAsync(Given.Placed, Given.Taxed);
        await service.ParkAsync("payment", id, "There is no such rate.");
        var agent = new PageClient(service);
        await agent.SignInAsync(WithStore.OperatorKey);
        var page = $"/dead-letters/payment/{id}";

        (await PageClient.TextAsync(await agent.GetAsync(page))).ShouldContain("Append an event");
        (await PageClient.TextAsync(
            await agent.SubmitAsync($"{page}?ask=append", "append", ("Type", "TaxCalculated"), ("Data", "{ rate"), ("Reason", "a slip"))))
            .ShouldContain("data: Is not valid JSON");
        (await agent.SubmitAsync(
            $"{page}?ask=append", "append", ("Type", "TaxCalculated"), ("Data", Data().ToJsonString()), ("Reason", "a slip")))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);

        (await service.Events.ReadStreamAsync(id, Stop))[^1].Data.ShouldBeOfType<TaxCalculated>().Rate.ShouldBe(0.07m);
        (await PageClient.TextAsync(await agent.GetAsync(page))).ShouldContain("parked at payment");
    }

    private static JsonObject Data()
    {
        var data = JsonSerializer.SerializeToNode(Given.Taxed, ContractsJson.Default.TaxCalculated)!.AsObject();
        data["rate"] = 0.07m;
        return data;
    }

    private static object Asked(int after = 1, string type = "TaxCalculated", JsonObject? data = null, string reason = "a slip") =>
        new { type, data = data ?? Data(), after, reason };

    private async Task<HttpResponseMessage> PostAsync(string id, object asked)
    {
        using var client = service.Client(WithStore.OperatorKey);
        return await client.PostAsJsonAsync($"/care/orders/{id}/events", asked, Stop);
    }

    private async Task<JsonObject> ErrorAsync(string id, object asked) => (await (await PostAsync(id, asked)).ProblemAsync(400))["errors"]!.AsObject();
}
