using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.CustomerCare.DeadLetters.Corrections;
using Orders.CustomerCare.Tests.Pages;

namespace Orders.CustomerCare.Tests.DeadLetters;

/// <summary>An event that waits is corrected: the original is kept, what differs is shown, and who did it and why is kept.</summary>
public sealed class CorrectionTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly string _service = $"payment-{Guid.NewGuid():N}";
    private readonly string _order = Guid.NewGuid().ToString();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DeadLetterClient Desk => service.Services.GetRequiredService<DeadLetterClient>();

    [Fact]
    public async Task A_correction_keeps_the_original_shows_what_differs_and_is_audited()
    {
        var data = await ParkAsync();
        data["rate"] = 0.07m;
        data["jurisdiction"] = "DE-BY";

        var answer = await (await PostAsync("1", new { data, reason = "a slip" })).JsonAsync();

        answer["changes"]!.AsArray().Select(change => change!["path"]!.GetValue<string>()).ShouldBe(["jurisdiction", "rate"], ignoreOrder: true);
        var letter = (await Desk.LettersAsync(_service, _order, Stop)).Single();
        letter.Document.GetProperty("data").GetProperty("rate").GetDecimal().ShouldBe(Given.Taxed.Rate);
        letter.Corrections.Single().Data.GetProperty("rate").GetDecimal().ShouldBe(0.07m);
        var audit = (await (await Client().GetAsync($"/care/audit?subject=order/{_order}", Stop)).JsonAsync())["records"]!.AsArray()
            .Single(record => record!["action"]!.GetValue<string>() == "correct")!;
        (audit["who"]!.GetValue<string>(), audit["why"]!.GetValue<string>(), audit["outcome"]!.GetValue<string>()).ShouldBe(("development", "a slip", "done"));
        audit["what"]!["changes"]!.GetValue<string>().ShouldContain("rate");
        audit.ToJsonString().ShouldNotContain("0.07", customMessage: "values may be personal, and the trail is kept");
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_kept()
    {
        var data = await ParkAsync();

        (await ErrorAsync("1", new { data, reason = "a slip" }))["data"]!.ToJsonString().ShouldContain("nothing would be corrected");
        (await ErrorAsync("1", new { data = new { rate = "much" }, reason = "a slip" }))["data"]!.ToJsonString().ShouldContain("Is none of a TaxCalculated");
        (await ErrorAsync("1", new { data = 7, reason = "a slip" }))["data"]!.ToJsonString().ShouldContain("Must be an object");
        (await ErrorAsync("1", new { data })).Select(error => error.Key).ShouldBe(["reason"]);
        (await ErrorAsync("one", new { data, reason = "a slip" }))["version"]!.ToJsonString().ShouldContain("Must be a whole number");
        await (await PostAsync("2", new { data, reason = "a slip" })).ProblemAsync(404);
        await (await service.Client(WithStore.ReaderKey).PostAsJsonAsync(Address("1"), new { data, reason = "a slip" }, Stop)).ProblemAsync(403);
        (await Desk.LettersAsync(_service, _order, Stop)).Single().Corrections.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_takes_the_data_as_text_and_shows_what_differs()
    {
        var data = await ParkAsync();
        data["rate"] = 0.07m;
        var agent = new PageClient(service);
        await agent.SignInAsync(WithStore.OperatorKey);
        var page = $"/dead-letters/{_service}/{_order}";

        (await PageClient.TextAsync(await agent.SubmitAsync($"{page}?ask=correct&version=1", "correct", ("Data", "{ rate"), ("Reason", "a slip"))))
            .ShouldContain("data: Is not valid JSON");
        (await agent.SubmitAsync($"{page}?ask=correct&version=1", "correct", ("Data", data.ToJsonString()), ("Reason", "a slip")))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var html = await PageClient.TextAsync(await agent.GetAsync(page));
        html.ShouldContain("Corrected by development");
        html.ShouldContain("<code>rate</code>");
        html.ShouldContain("0.07");
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{"a":1.0,"b":[1,2]}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1 -> 2")]
    [InlineData("""{"a":1}""", """{"b":1}""", "a: 1 -> ; b:  -> 1")]
    [InlineData("""{"a":{"b":[1,{"c":2}]}}""", """{"a":{"b":[1,{"c":3},4]}}""", "a.b[1].c: 2 -> 3; a.b[2]:  -> 4")]
    [InlineData("""{"a":[1]}""", """{"a":"x"}""", "a: [1] -> \"x\"")]
    public void What_differs_is_found_whatever_lies_around_it(string before, string after, string expected) => string.Join(
        "; ",
        DataChange.Between(JsonDocument.Parse(before).RootElement, JsonDocument.Parse(after).RootElement).Select(c => $"{c.Path}: {c.Before} -> {c.After}"))
        .ShouldBe(expected);

    /// <summary>Parks the order at its second event.</summary>
    private async Task<JsonObject> ParkAsync()
    {
        var document = JsonDocument.Parse(EventDocument.Write(Examples.Stream[1] with { StreamId = _order }, OrderEvents.Map)).RootElement;
        await service.StoreDeadLetterAsync(new ParkedStream
        {
            Id = $"stream.{_order}",
            Endpoint = _service,
            StreamId = _order,
            Status = ParkedStreamStatus.Parked,
            Version = 1,
            Waiting = 1,
            Error = "There is no such rate.",
            ErrorType = "System.InvalidOperationException",
            EventType = "TaxCalculated",
            ParkedAt = DateTimeOffset.UtcNow,
        });
        await service.StoreDeadLetterAsync(new DeadLetter
        {
            Id = $"letter.{_order}.0000000001",
            Endpoint = _service,
            StreamId = _order,
            Status = DeadLetterStatus.Waiting,
            Version = 1,
            Type = "TaxCalculated",
            Document = document,
            Error = new DeadLetterError("System.InvalidOperationException", "There is no such rate.", "…"),
            Attempts = 6,
            At = DateTimeOffset.UtcNow,
        });
        return JsonObject.Create(document.GetProperty("data").Clone())!;
    }

    private HttpClient Client() => service.Client(WithStore.OperatorKey);

    private string Address(string version) => $"/care/dead-letters/{_service}/{_order}/{version}/correct";

    private Task<HttpResponseMessage> PostAsync(string version, object body) => Client().PostAsJsonAsync(Address(version), body, Stop);

    private async Task<JsonObject> ErrorAsync(string version, object body) => (await (await PostAsync(version, body)).ProblemAsync(400))["errors"]!.AsObject();
}
