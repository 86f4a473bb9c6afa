using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Orders.CustomerCare.Tests.Pages;
using ChangeFeed.Testing.Hostility;

namespace Orders.CustomerCare.Tests;

public sealed class HostileRequestsTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly (string Path, string[] Parameters)[] Addresses =
    [
        ("/orders/{id}", ["at", "ask"]),
        ("/search", ["q", "status", "type", "service", "from", "to", "continuation"]),
        ("/dead-letters", ["service", "text", "errorType", "from", "to", "ask", "batch"]),
        ("/dead-letters/payment/{id}", ["ask"]),
        ("/services", ["ask", "service"]),
        ("/audit", ["subject", "who", "from", "to", "before"]),
        ("/sign-in", ["return"]),
    ];

    [Fact]
    public async Task No_request_whatever_it_says_is_a_failure_of_the_service()
    {
        var run = new HostileRun(Client());

        await run.SendAsync(new HostileRequests(await run.DocumentAsync(), HostileRun.Seed));
    }

    [Fact]
    public async Task No_page_fails_whatever_its_address_says()
    {
        var agent = await SignedInAsync();
        var id = await service.StoreAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"HOSTILE_SEED={HostileRun.Seed}");
        var random = new Random(HostileRun.Seed);
        for (var i = 0; i < 400; i++)
        {
            var (path, parameters) = Addresses[i % Addresses.Length];
            var parameter = parameters[random.Next(parameters.Length)];
            var name = random.Next(4) == 0 ? Uri.EscapeDataString("x" + HostileValues.Text(random).Replace("\0", "", StringComparison.Ordinal)) : id;
            var url = $"{path.Replace("{id}", name, StringComparison.Ordinal)}?{parameter}={Uri.EscapeDataString(HostileValues.Text(random))}";
            using var response = await agent.GetAsync(url);
            var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            ((int)response.StatusCode).ShouldBeLessThan(500, $"{i}: {url}\n{page}");
            if (response.StatusCode == HttpStatusCode.BadRequest)
                page.ShouldContain($"{parameter}:", Case.Insensitive, $"{i}: {url}");
        }
    }

    [Theory]
    [InlineData("/search?from=0001-01-01T00:00:01Z", "from:")]
    [InlineData("/audit?to=9999-12-31T23:59:59Z", "to:")]
    [InlineData("/dead-letters?from=abc", "from:")]
    public async Task A_page_names_what_is_wrong_with_its_address(string url, string field)
    {
        using var response = await (await SignedInAsync()).GetAsync(url);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(field);
    }

    [Fact]
    public async Task An_order_is_not_shown_at_a_version_that_is_none()
    {
        using var response = await (await SignedInAsync()).GetAsync($"/orders/{await service.StoreAsync()}?at=abc");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("at: Must be a whole number");
    }

    private WebApplicationFactory<Program> Patient() => service.WithWebHostBuilder(builder => builder
        .UseSetting("CustomerCare:RateLimits:RequestsPerSecond", "100000")
        .UseSetting("CustomerCare:RateLimits:Burst", "100000"));

    private HttpClient Client()
    {
        var client = Patient().CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", WithStore.OperatorKey);
        return client;
    }

    private async Task<PageClient> SignedInAsync()
    {
        var agent = new PageClient(Patient());
        (await agent.SignInAsync(WithStore.OperatorKey)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return agent;
    }
}
