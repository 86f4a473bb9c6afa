using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orders.Api.Tests.Access;

/// <summary>An issuer of OpenID Connect, found by its address: what it says of itself, and the keys it signs with.</summary>
public sealed class AuthorityTests(WithStore service) : IClassFixture<WithStore>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tokens_of_the_authority_are_let_in_by_the_keys_it_publishes_and_nobody_elses()
    {
        using var key = RSA.Create(2048);
        using var another = RSA.Create(2048);
        await using var issuer = await StartAsync(key);
        var authority = issuer.Urls.Single();
        await using var api = service.WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Authentication:Schemes:Bearer:Authority", authority);
            builder.UseSetting("Authentication:Schemes:Bearer:ValidAudience", "orders");
            builder.UseSetting("Authentication:Schemes:Bearer:RequireHttpsMetadata", "false");
        });
        var client = api.CreateClient();

        (await GetAsync(client, Token(key, authority))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await GetAsync(client, Token(another, authority))).ProblemAsync(401);
        await (await GetAsync(client, Token(key, "http://another.example"))).ProblemAsync(401);
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string token) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "/customers/c-1/orders") { Headers = { Authorization = new("Bearer", token) } }, Stop);

    private static string Token(RSA key, string issuer) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer,
        Audience = "orders",
        Claims = new Dictionary<string, object> { ["sub"] = "c-1" },
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
    });

    private static async Task<WebApplication> StartAsync(RSA key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var published = key.ExportParameters(includePrivateParameters: false);
        app.MapGet("/.well-known/openid-configuration", (HttpContext http) => Results.Json(new Dictionary<string, string>
        {
            ["issuer"] = $"http://{http.Request.Host}",
            ["jwks_uri"] = $"http://{http.Request.Host}/keys",
        }));
        app.MapGet("/keys", () => Results.Json(new Dictionary<string, object>
        {
            ["keys"] = new[]
            {
                new Dictionary<string, string>
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "k1",
                    ["n"] = Base64UrlEncoder.Encode(published.Modulus),
                    ["e"] = Base64UrlEncoder.Encode(published.Exponent),
                },
            },
        }));
        await app.StartAsync(Stop);
        return app;
    }
}
