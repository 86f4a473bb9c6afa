using System.Net;

namespace Orders.CustomerCare.Tests;

public sealed class HeadTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private readonly HttpClient _client = service.CreateClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/care/orders/17/events")]
    [InlineData("/care/shopper")]
    [InlineData("/care/nothing")]
    [InlineData("/sign-in")]
    [InlineData("/nothing")]
    [InlineData("/care.css")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger/index.html")]
    [InlineData("/alive")]
    public async Task HEAD_is_what_GET_answers_without_the_body(string url)
    {
        var get = await _client.GetAsync(url, Stop);
        var head = await HeadAsync(url);

        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync(Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_head_of_a_page_that_is_kept_up_to_date_ends()
    {
        var head = await HeadAsync("/live/services").WaitAsync(TimeSpan.FromSeconds(30), Stop);

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    private Task<HttpResponseMessage> HeadAsync(string url) => _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Stop);
}
