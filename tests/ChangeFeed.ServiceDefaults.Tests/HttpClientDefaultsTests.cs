using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class HttpClientDefaultsTests
{
    [Theory]
    [InlineData("GET", false, 4)]
    [InlineData("POST", false, 1)]
    [InlineData("PUT", false, 1)]
    [InlineData("DELETE", false, 1)]
    [InlineData("POST", true, 4)]
    public async Task What_was_not_answered_is_tried_again_unless_it_could_be_done_twice(string method, bool withKey, int attempts)
    {
        var server = new Server();
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://orders-api/orders");
        if (withKey)
            request.Headers.Add("Idempotency-Key", "k-1");

        using var response = await Client(server).SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        server.Asked.Count.ShouldBe(attempts);
    }

    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        var server = new Server();

        using var response = await Client(server).PostAsync("http://orders-api/orders", null, TestContext.Current.CancellationToken);

        server.Asked.ShouldBe([new Uri("http://127.0.0.1:5999/orders")]);
    }

    [Fact]
    public async Task An_address_is_taken_as_it_is()
    {
        var server = new Server();

        using var response = await Client(server).PostAsync("http://127.0.0.1:5101/orders", null, TestContext.Current.CancellationToken);

        server.Asked.ShouldBe([new Uri("http://127.0.0.1:5101/orders")]);
    }

    private static HttpClient Client(Server server)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("services:orders-api:http:0", "http://127.0.0.1:5999")]).Build());
        services.AddHttpClientDefaults();
        services.ConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
        services.AddHttpClient("any").ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("any");
    }

    private sealed class Server : HttpMessageHandler
    {
        public ConcurrentQueue<Uri> Asked { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        }
    }
}
