namespace Orders.Api.Tests;

public sealed class RequestsNobodyCanServeTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Wrong_fields_are_named()
    {
        var body = Bodies.With("lines[0].quantity", "1.5");
        body.Remove("email");

        var problem = await (await _client.PostAsync("/orders", body.ToJsonString())).ProblemAsync(400);

        problem.Fields().ShouldBe(["email", "lines[0].quantity"], ignoreOrder: true);
        problem["errors"]!["lines[0].quantity"].Texts().ShouldBe(["Must be a whole number from 1 to 10000."]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"customerId\": oops}")]
    public async Task A_body_that_is_no_object_is_told_so(string body) =>
        (await (await _client.PostAsync("/orders", body)).ProblemAsync(400)).Fields().ShouldBe(["$"]);

    [Fact]
    public async Task A_key_that_is_none_is_named() =>
        (await (await _client.PostAsync("/orders", Bodies.Order().ToJsonString(), key: "two words")).ProblemAsync(400)).Fields().ShouldBe(["Idempotency-Key"]);

    [Fact]
    public async Task A_body_over_64_KB_is_refused()
    {
        var body = Bodies.Order().ToJsonString();
        await (await _client.PostAsync("/orders", body.PadRight((64 * 1024) + 1))).ProblemAsync(413);
        await (await _client.PostAsync("/orders", "{\"customerId\":".PadRight(64 * 1024))).ProblemAsync(400);
    }

    [Fact]
    public async Task A_body_over_64_KB_that_does_not_tell_its_length_is_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new Endless() };
        request.Content.Headers.ContentType = new("application/json");

        await (await _client.SendAsync(request, TestContext.Current.CancellationToken)).ProblemAsync(413);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task Only_JSON_is_read(string contentType) =>
        (await (await _client.PostAsync("/orders", Bodies.Order().ToJsonString(), contentType: contentType)).ProblemAsync(415))["detail"]!
            .GetValue<string>().ShouldContain("Content-Type");

    [Theory]
    [InlineData("/orders/17")]
    [InlineData("/orders/%20")]
    [InlineData("/nowhere")]
    public async Task What_cannot_exist_is_not_found(string url) => await (await GetAsync(url)).ProblemAsync(404);

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public async Task A_version_that_is_none_is_named(string version) =>
        (await (await GetAsync($"/orders/{Examples.Placed.OrderId}?minVersion={version}")).ProblemAsync(400)).Fields().ShouldBe(["minVersion"]);

    [Fact]
    public async Task Cancelling_needs_a_reason()
    {
        var url = $"/orders/{Examples.Placed.OrderId}/cancel";

        (await (await _client.PostAsync(url, "{}")).ProblemAsync(400)).Fields().ShouldBe(["reason"]);
        (await (await _client.PostAsync(url, $$"""{"reason":"{{new string('x', 501)}}"}""")).ProblemAsync(400)).Fields().ShouldBe(["reason"]);
        (await (await _client.PostAsync(url, """{"reason":" ","by":"me"}""")).ProblemAsync(400)).Fields().ShouldBe(["reason", "by"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_wrong_method_is_told_so() =>
        (await (await _client.DeleteAsync("/orders", TestContext.Current.CancellationToken)).ProblemAsync(405))["detail"]!
            .GetValue<string>().ShouldContain("/openapi/v1.json");

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_told_without_its_details()
    {
        var response = await GetAsync($"/orders/{Examples.Placed.OrderId}");

        var problem = await response.ProblemAsync(503);
        response.Headers.RetryAfter?.Delta.ShouldNotBeNull().TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
        problem.ToJsonString().ShouldNotContain("127.0.0.1");
    }

    [Fact]
    public async Task Every_answer_carries_its_trace()
    {
        var response = await GetAsync("/orders/17");

        response.Headers.GetValues("traceresponse").ShouldHaveSingleItem().ShouldMatch("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$");
    }

    private Task<HttpResponseMessage> GetAsync(string url) => _client.GetAsync(url, TestContext.Current.CancellationToken);

    private sealed class Endless : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var i = 0; i < 100; i++)
                await stream.WriteAsync(new byte[1024]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
