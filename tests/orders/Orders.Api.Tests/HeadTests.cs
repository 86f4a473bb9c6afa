using System.Net;

namespace Orders.Api.Tests;

public sealed class HeadTests(WithStore service) : IClassFixture<WithStore>
{
    private readonly HttpClient _client = service.CreateClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/orders/{id}")]
    [InlineData("/orders/{id}?atVersion=0")]
    [InlineData("/orders/17")]
    [InlineData("/customers/c-1001/orders")]
    [InlineData("/customers/c-never-known")]
    [InlineData("/stats")]
    [InlineData("/stats?per=day")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/index.css")]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/nowhere")]
    public async Task HEAD_is_what_GET_answers_without_the_body(string url)
    {
        var placed = await _client.PostAsync("/orders", Bodies.Order().ToJsonString());
        url = url.Replace("{id}", (await placed.JsonAsync())["orderId"]!.GetValue<string>(), StringComparison.Ordinal);

        var get = await _client.GetAsync(url, Stop);
        var head = await HeadAsync(url);

        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.Headers.Select(h => h.Key).ShouldBe(get.Headers.Select(h => h.Key), ignoreOrder: true);
        (await head.Content.ReadAsByteArrayAsync(Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_head_of_a_stream_that_does_not_end_ends()
    {
        var head = await HeadAsync("/stats/stream").WaitAsync(TimeSpan.FromSeconds(30), Stop);

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    [Fact]
    public async Task Where_there_is_no_GET_there_is_no_HEAD() => (await HeadAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

    private Task<HttpResponseMessage> HeadAsync(string url) => _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Stop);
}
