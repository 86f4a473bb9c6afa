using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Orders.CustomerCare.Access;
using Orders.Web.Access;

namespace Orders.CustomerCare.Tests.Access;

public sealed class RateLimitTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private const string OperatorKey = "a-long-random-operator-key";
    private const string Url = "/care/orders/17/events";

    [Fact]
    public async Task Whoever_asks_too_much_is_told_when_to_try_again_and_nobody_else_notices()
    {
        await using var limited = Limited();
        var client = limited.CreateClient();

        var refused = await UntilAsync(client, Url, HttpStatusCode.TooManyRequests, key: null);
        (await refused.ProblemAsync(429))["detail"]!.GetValue<string>().ShouldStartWith("These are more requests than this caller may send.");
        int.Parse(refused.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        await (await client.GetAsync(Url, OperatorKey)).ProblemAsync(404);
        (await client.GetAsync("/alive", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var free in new[] { "/health", "/care.css", "/care.js", "/favicon.svg", "/openapi/v1.json", "/swagger/index.html" })
            for (var i = 0; i < 10; i++)
                (await client.GetAsync(free, key: null)).StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests, free);
    }

    [Theory]
    [InlineData("/nothing.css")]
    [InlineData("/orders/some.thing")]
    [InlineData("/services/.css")]
    [InlineData("/care/orders/some.thing")]
    [InlineData("/health/nothing")]
    [InlineData("/openapi/nothing")]
    public async Task Only_what_is_free_is_free_whatever_a_path_looks_like(string url)
    {
        await using var limited = Limited();

        (await UntilAsync(limited.CreateClient(), url, HttpStatusCode.TooManyRequests, key: null)).Headers.Contains("Retry-After").ShouldBeTrue();
    }

    [Fact]
    public async Task Keys_cannot_be_guessed_quickly()
    {
        await using var limited = Limited();

        await (await UntilAsync(limited.CreateClient(), Url, HttpStatusCode.TooManyRequests, key: "wrong")).ProblemAsync(429);
    }

    [Fact]
    public async Task A_page_that_was_asked_for_too_often_says_so_as_a_page()
    {
        await using var limited = Limited();

        var refused = await UntilAsync(limited.CreateClient(), "/sign-in", HttpStatusCode.TooManyRequests, key: null);

        refused.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        refused.Headers.Contains("Retry-After").ShouldBeTrue();
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("One moment");
    }

    [Fact]
    public async Task Only_so_many_pages_are_kept_up_to_date_at_once_and_the_next_one_when_one_is_closed()
    {
        await using var limited = Limited();
        var client = limited.CreateClient();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var first = await OpenAsync(client, gone.Token);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await client.GetAsync("/live/services", key: null)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        await gone.CancelAsync();
        first.Dispose();
        using var second = await UntilOpenAsync(client);
    }

    [Theory]
    [InlineData(0, 300, 1, 1, "CustomerCare:RateLimits:RequestsPerSecond is 0; it must be from 1 to 100000.")]
    [InlineData(100, 50, 1, 1, "CustomerCare:RateLimits:Burst is 50; it must be from 100 to 1000000.")]
    [InlineData(1, 1, 0, 1, "CustomerCare:RateLimits:LivePages is 0; it must be from 1 to 10000.")]
    [InlineData(1, 1, 1, 0, "CustomerCare:RateLimits:SignInsPerMinute is 0; it must be from 1 to 10000.")]
    public void A_wrong_setting_is_named(int perSecond, int burst, int live, int signIns, string problem) =>
        new LimitOptionsValidation<CareRateLimits>(CareRateLimits.Section)
            .Validate(null, new CareRateLimits { RequestsPerSecond = perSecond, Burst = burst, LivePages = live, SignInsPerMinute = signIns })
            .Failures.ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(problem);

    private WebApplicationFactory<Program> Limited() => service.WithWebHostBuilder(builder =>
    {
        builder.UseSetting("CustomerCare:Key", OperatorKey);
        builder.UseSetting("CustomerCare:RateLimits:RequestsPerSecond", "1");
        builder.UseSetting("CustomerCare:RateLimits:Burst", "3");
        builder.UseSetting("CustomerCare:RateLimits:LivePages", "1");
    });

    private static async Task<HttpResponseMessage> UntilAsync(HttpClient client, string url, HttpStatusCode status, string? key)
    {
        for (var i = 0; i < 100; i++)
            if (await client.GetAsync(url, key) is var response && response.StatusCode == status)
                return response;
        throw new InvalidOperationException($"A hundred requests to {url} without an answer of {status}.");
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, CancellationToken gone) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/live/services"), HttpCompletionOption.ResponseHeadersRead, gone);

    private static async Task<HttpResponseMessage> UntilOpenAsync(HttpClient client)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var response = await OpenAsync(client, deadline.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            await Task.Delay(20, deadline.Token);
        }
    }
}
