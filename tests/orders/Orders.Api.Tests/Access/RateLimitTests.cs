using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Orders.Api.Access;
using Orders.Web.Access;

namespace Orders.Api.Tests.Access;

public sealed class RateLimitTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private const string Key = "a-long-random-operator-key";
    private const string Url = "/orders/17";

    [Theory]
    [InlineData(Url)]
    [InlineData("/orders/some.thing")]
    [InlineData("/health/nothing")]
    public async Task Whoever_asks_too_much_is_told_when_to_try_again_and_nobody_else_notices(string url)
    {
        await using var limited = Limited();
        var client = limited.CreateClient();

        var refused = await UntilRefusedAsync(client, url, key: null);

        (await refused.ProblemAsync(429))["detail"]!.GetValue<string>().ShouldStartWith("These are more requests than this caller may send.");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);
        await (await GetAsync(client, Url, Key)).ProblemAsync(404);
        foreach (var free in new[] { "/alive", "/openapi/v1.json" })
            for (var i = 0; i < 10; i++)
                (await GetAsync(client, free, key: null)).IsSuccessStatusCode.ShouldBeTrue(free);
    }

    [Fact]
    public async Task Keys_cannot_be_guessed_quickly()
    {
        await using var limited = Limited();

        await (await UntilRefusedAsync(limited.CreateClient(), Url, key: "wrong")).ProblemAsync(429);
    }

    [Theory]
    [InlineData(0, 300, 1, "OrdersApi:RateLimits:RequestsPerSecond is 0; it must be from 1 to 100000.")]
    [InlineData(100, 50, 1, "OrdersApi:RateLimits:Burst is 50; it must be from 100 to 1000000.")]
    [InlineData(1, 1, 0, "OrdersApi:RateLimits:Streams is 0; it must be from 1 to 10000.")]
    public void A_wrong_setting_is_named(int perSecond, int burst, int streams, string problem) =>
        new LimitOptionsValidation<OrdersRateLimits>(OrdersRateLimits.Section)
            .Validate(null, new OrdersRateLimits { RequestsPerSecond = perSecond, Burst = burst, Streams = streams })
            .Failures.ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(problem);

    private WebApplicationFactory<Program> Limited() => service.WithWebHostBuilder(builder =>
    {
        builder.UseSetting("OrdersApi:Key", Key);
        builder.UseSetting("OrdersApi:RateLimits:RequestsPerSecond", "1");
        builder.UseSetting("OrdersApi:RateLimits:Burst", "3");
    });

    private static async Task<HttpResponseMessage> UntilRefusedAsync(HttpClient client, string url, string? key)
    {
        for (var i = 0; i < 100; i++)
            if (await GetAsync(client, url, key) is { StatusCode: System.Net.HttpStatusCode.TooManyRequests } response)
                return response;
        throw new InvalidOperationException($"A hundred requests to {url} and none was refused.");
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string url, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
