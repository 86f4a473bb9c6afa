using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Orders.CustomerCare.Tests.Pages;

public sealed class KeysRequiredTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/search?q=c-1")]
    [InlineData("/services")]
    [InlineData("/dead-letters")]
    [InlineData("/audit")]
    [InlineData("/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21")]
    public async Task Where_keys_are_required_every_page_leads_to_the_sign_in_first(string page)
    {
        var client = Closed();

        var response = await client.GetAsync(page, key: null);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.PathAndQuery.ShouldBe($"/sign-in?return={Uri.EscapeDataString(page)}");
    }

    [Fact]
    public async Task The_sign_in_and_its_looks_are_open_and_the_api_still_wants_the_header()
    {
        var client = Closed();

        var page = await client.GetAsync("/sign-in", key: null);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        html.ShouldContain("API key");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
        (await client.GetAsync("/care.css", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await client.GetAsync("/care/orders/17", key: null)).ProblemAsync(401);
        (await client.GetAsync("/live/overview", key: null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_address_that_is_none_is_a_page_for_people_and_a_problem_for_tools()
    {
        var client = service.CreateClient();

        var page = await client.GetAsync("/nothing", key: null);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        await (await client.GetAsync("/care/nothing", key: null)).ProblemAsync(404);
    }

    private HttpClient Closed() => service
        .WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("CustomerCare:Key", "a-long-random-operator-key");
        })
        .CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
}
