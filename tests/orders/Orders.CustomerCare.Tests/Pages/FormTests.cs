using System.Net;
using System.Net.Http.Json;
using ChangeFeed.MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.CustomerCare.Tests.Pages;

/// <summary>What the API refuses, the forms of the pages refuse as well: nothing is changed, and what is wrong is said.</summary>
public sealed class FormTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly string[] WrongReasons = [new('x', 501), new('x', 2 * 1024 * 1024), "a\u0001b", "two\nlines", "   "];

    [Fact]
    public async Task A_reason_that_is_too_long_or_holds_control_characters_cancels_nothing_by_page_or_api()
    {
        var id = await service.AppendAsync(Given.Placed);
        var agent = await OperatorAsync();

        foreach (var reason in WrongReasons)
        {
            (await PageClient.TextAsync(await agent.SubmitAsync($"/orders/{id}?ask=cancel", "confirm", ("Reason", reason)))).ShouldContain("reason: Must");
            var problem = await (await PostAsync($"/care/orders/{id}/cancel", reason)).ProblemAsync(reason.Length > 64 * 1024 ? 413 : 400);
            if (reason.Length <= 64 * 1024)
                problem["errors"]!.AsObject().ShouldContainKey("reason");
        }

        (await EventTypesAsync(id)).ShouldBe(["OrderPlaced"]);
        (await agent.SubmitAsync($"/orders/{id}?ask=cancel", "confirm", ("Reason", " the customer called "))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await EventTypesAsync(id)).ShouldBe(["OrderPlaced", "OrderCancelled"]);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task A_service_that_does_not_exist_is_neither_paused_nor_resumed_by_page_or_api(string action)
    {
        var agent = await OperatorAsync();
        var name = $"nobody-{Guid.NewGuid():N}";

        // No page offers such a form; what it would send is made up from another one.
        var answer = await agent.PostAsync($"/services?ask={action}&service={name}", [.. await FormFieldsAsync(agent), ("Reason", "because")]);

        (await PageClient.TextAsync(answer)).ShouldContain($"There is no service &#x27;{name}&#x27;.");
        await (await PostAsync($"/care/services/{name}/{action}", "because")).ProblemAsync(404);
        (await service.Services.GetRequiredService<ChangeFeedControls>().AllAsync(TestContext.Current.CancellationToken))
            .ShouldNotContain(control => control.Endpoint == name);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("discard")]
    public async Task A_wrong_reason_asks_for_nothing_that_is_parked_by_page_or_api(string action)
    {
        var (endpoint, stream) = ($"tax-{Guid.NewGuid():N}", Guid.NewGuid().ToString());
        await service.StoreDeadLetterAsync(new ParkedStream
        {
            Id = $"stream.{stream}",
            Endpoint = endpoint,
            StreamId = stream,
            Status = ParkedStreamStatus.Parked,
            Version = 0,
            Waiting = 1,
            Error = "No rate.",
            ErrorType = "System.FormatException",
            EventType = "OrderPlaced",
            ParkedAt = DateTimeOffset.UtcNow,
        });
        var agent = await OperatorAsync();
        var desk = service.Services.GetRequiredService<DeadLetterClient>();

        foreach (var reason in WrongReasons.Where(reason => action == "discard" || !string.IsNullOrWhiteSpace(reason)))
        {
            foreach (var page in new[] { $"/dead-letters/{endpoint}/{stream}?ask={action}", $"/dead-letters?service={endpoint}&ask={action}" })
            {
                var answer = await agent.SubmitAsync(page, "confirm", ("Reason", reason));
                (await PageClient.TextAsync(answer))
                    .ShouldContain("reason: Must", customMessage: $"{answer.StatusCode} {answer.Headers.Location} of {page} for {reason.Length} characters");
            }

            if (reason.Length <= 64 * 1024)
                await (await PostAsync($"/care/dead-letters/{endpoint}/{stream}/{action}", reason)).ProblemAsync(400);
        }

        (await desk.RequestsAsync(endpoint, stream, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await agent.SubmitAsync($"/dead-letters/{endpoint}/{stream}?ask={action}", "confirm", ("Reason", "because")))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await desk.RequestsAsync(endpoint, stream, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Reason.ShouldBe("because");
    }

    [Theory]
    [InlineData("/dead-letters?from=abc", "from")]
    [InlineData("/dead-letters?to=2026-13-01T00:00", "to")]
    [InlineData("/audit?from=abc", "from")]
    [InlineData("/audit?to=abc", "to")]
    [InlineData("/search?from=abc", "from")]
    [InlineData("/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21?at=abc", "at")]
    [InlineData("/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21?at=-1", "at")]
    public async Task A_value_that_is_none_is_named(string address, string field)
    {
        var answer = await (await OperatorAsync()).GetAsync(address);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await PageClient.TextAsync(answer)).ShouldContain($"{field}: Must be a");
    }

    [Fact]
    public async Task A_filter_that_is_too_long_is_refused_by_page_and_api()
    {
        var text = new string('x', 201);

        (await PageClient.TextAsync(await (await OperatorAsync()).GetAsync($"/dead-letters?text={text}")))
            .ShouldContain("text: Must have at most 200 characters.");
        (await (await service.Client(null).GetAsync($"/care/dead-letters?text={text}", key: null)).ProblemAsync(400))["errors"]!.AsObject()
            .ShouldContainKey("text");
    }

    private async Task<PageClient> OperatorAsync()
    {
        var agent = new PageClient(service);
        (await agent.SignInAsync(WithStore.OperatorKey)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return agent;
    }

    /// <summary>The fields every form carries, from another page.</summary>
    private static async Task<(string Name, string Value)[]> FormFieldsAsync(PageClient agent)
    {
        var html = await PageClient.TextAsync(await agent.GetAsync("/sign-in"));
        var token = System.Text.RegularExpressions.Regex.Match(html, """name="__RequestVerificationToken" value="([^"]+)""").Groups[1].Value;
        return [("_handler", "confirm"), ("__RequestVerificationToken", token)];
    }

    private Task<HttpResponseMessage> PostAsync(string url, string reason) =>
        service.Client(WithStore.OperatorKey).PostAsJsonAsync(url, new { reason }, TestContext.Current.CancellationToken);

    private async Task<string[]> EventTypesAsync(string id) =>
        [.. (await (await service.Client(null).GetAsync($"/care/orders/{id}/events", key: null)).JsonAsync()).AsArray()
            .Select(e => e!["type"]!.GetValue<string>())];
}
