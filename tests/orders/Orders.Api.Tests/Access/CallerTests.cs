using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.Api.Tests.Access;

/// <summary>As in production: who is let in, and as whom.</summary>
public sealed class CallerTests : IClassFixture<WithStore>
{
    // What tells nothing of anybody: health, the document and where it is shown.
    private static readonly string[] Open = ["/health", "/alive", "/openapi/{documentName}.json", "/"];

    private readonly Closed _closed;
    private readonly WithStore _open;

    public CallerTests(WithStore service) => (_open, _closed) = (service, new Closed(service));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21")]
    [InlineData("POST", "/orders")]
    [InlineData("POST", "/orders/0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e21/cancel")]
    [InlineData("GET", "/customers/c-1001")]
    [InlineData("PUT", "/customers/c-1001")]
    [InlineData("DELETE", "/customers/c-1001")]
    [InlineData("GET", "/customers/c-1001/orders")]
    [InlineData("PUT", "/products/KB-01")]
    [InlineData("GET", "/stats")]
    public async Task Without_a_caller_nothing_is_let_in(string method, string url)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);

        var response = await _closed.Nobody().SendAsync(request, Stop);

        (await response.ProblemAsync(401))["detail"]!.GetValue<string>()
            .ShouldBe("Send your key in the header X-Api-Key, or your token in Authorization: Bearer.");
        response.Headers.WwwAuthenticate.Select(scheme => scheme.Scheme).ShouldBe(["ApiKey", "Bearer"]);
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it_but_those_that_tell_nothing_of_anybody()
    {
        var endpoints = _closed.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        endpoints.Count.ShouldBeGreaterThan(15);
        endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText).ShouldBe(Open, ignoreOrder: true);
    }

    [Fact]
    public async Task In_development_calls_without_a_caller_are_let_in_and_a_wrong_key_or_token_is_not()
    {
        var client = _open.CreateClient();
        (await client.GetAsync("/customers/c-1001/orders", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var key = new HttpRequestMessage(HttpMethod.Get, "/stats") { Headers = { { "X-Api-Key", "wrong" } } };
        (await (await client.SendAsync(key, Stop)).ProblemAsync(401))["detail"]!.GetValue<string>().ShouldBe("The key in X-Api-Key is not known.");
        using var token = new HttpRequestMessage(HttpMethod.Get, "/stats") { Headers = { Authorization = new("Bearer", _closed.Issuer.Token("c-1")) } };
        await (await client.SendAsync(token, Stop)).ProblemAsync(401);
    }

    [Fact]
    public async Task A_key_is_let_in_with_its_role()
    {
        (await _closed.WithKey(Closed.ReaderKey).GetAsync("/stats", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await _closed.WithKey(Closed.ReaderKey).DeleteAsync("/customers/c-reader", Stop)).ProblemAsync(403))["detail"]!
            .GetValue<string>().ShouldBe("This needs a key with the role operator.");
        (await _closed.WithKey(Closed.OperatorKey).DeleteAsync("/customers/c-operator", Stop)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await (await _closed.WithKey("wrong").GetAsync("/stats", Stop)).ProblemAsync(401);
    }

    [Fact]
    public async Task A_token_that_is_not_for_this_service_and_this_time_lets_nobody_in()
    {
        var issuer = _closed.Issuer;
        string[] wrong =
        [
            "nonsense",
            new TestIssuer().Token("c-1"),
            issuer.Token("c-1", audience: "another"),
            issuer.Token("c-1", issuer: "another"),
            issuer.Token("c-1", minutes: -10),
            issuer.Token(null),
            issuer.Token(""),
            Unsigned(issuer.Token("c-1")),
        ];
        foreach (var token in wrong)
            (await (await _closed.WithToken(token).GetAsync("/customers/c-1/orders", Stop)).ProblemAsync(401))["detail"]!
                .GetValue<string>().ShouldStartWith("The token in Authorization is not valid here");
        (await _closed.WithToken(issuer.Token("c-1")).GetAsync("/customers/c-1/orders", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("role", "operator", true, true)]
    [InlineData("roles", "reader", true, false)]
    [InlineData("scope", "openid orders.operator", true, true)]
    [InlineData("scp", "orders.reader", true, false)]
    [InlineData("scope", "operator", false, false)]
    [InlineData("role", "admin", false, false)]
    public async Task A_token_of_the_back_office_has_its_role_in_it(string claim, string value, bool reads, bool changes)
    {
        var client = _closed.WithToken(_closed.Issuer.Token("grace", claims: (claim, value)));

        (await client.GetAsync("/stats", Stop)).StatusCode.ShouldBe(reads ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        var put = await client.PutAsync("/products/KB-01", new StringContent("""{"name":"Keyboard"}""", new MediaTypeHeaderValue("application/json")), Stop);
        put.IsSuccessStatusCode.ShouldBe(changes, $"{put.StatusCode}");
        if (!changes)
            await put.ProblemAsync(403);
    }

    [Fact]
    public async Task What_tells_nothing_of_anybody_is_open()
    {
        var client = _closed.Nobody();

        foreach (var url in new[] { "/health", "/alive", "/openapi/v1.json", "/swagger/index.html" })
            (await client.GetAsync(url, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK, url);
    }

    // The same claims with "alg": "none" and no signature.
    private static string Unsigned(string token) => $"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{token.Split('.')[1]}.";
}
