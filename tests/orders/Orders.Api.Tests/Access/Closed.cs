using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Orders.Web.Access;

namespace Orders.Api.Tests.Access;

/// <summary>The service as it is in production: nobody is let in who cannot say who they are.</summary>
internal sealed class Closed(WithStore service)
{
    public const string OperatorKey = "a-long-random-operator-key";
    public const string ReaderKey = "a-long-random-reader-key";

    private readonly TestIssuer _issuer = new();
    private WebApplicationFactory<Program>? _closed;

    public TestIssuer Issuer => _issuer;

    public WebApplicationFactory<Program> Service => _closed ??= service.WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("OrdersApi:Key", OperatorKey);
        builder.UseSetting("OrdersApi:Keys:0:Name", "ada");
        builder.UseSetting("OrdersApi:Keys:0:Role", "reader");
        builder.UseSetting("OrdersApi:Keys:0:Hash", ApiKey.HashOf(ReaderKey));
        _issuer.TrustedBy(builder);
    });

    public HttpClient Nobody() => Service.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public HttpClient WithKey(string key)
    {
        var client = Nobody();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    public HttpClient WithToken(string token)
    {
        var client = Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public HttpClient Customer(string id) => WithToken(_issuer.Token(id));
}
