using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Orders.Web.Access;

namespace Orders.CustomerCare.Tests.Access;

public sealed class ApiKeyTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private const string ReaderKey = "a-long-random-reader-key";
    private const string OperatorKey = "a-long-random-operator-key";
    private const string Url = "/care/orders/17/events";

    private readonly TestIssuer _issuer = new();

    [Fact]
    public async Task In_development_reading_is_open_until_a_caller_is_required() =>
        await (await service.CreateClient().GetAsync(Url, key: null)).ProblemAsync(404);

    [Fact]
    public async Task A_key_that_is_not_known_is_refused_even_where_none_is_needed()
    {
        var response = await service.CreateClient().GetAsync(Url, "wrong");

        (await response.ProblemAsync(401))["detail"]!.GetValue<string>().ShouldBe("The key in X-Api-Key is not known.");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Where_a_caller_is_required_nobody_reads_without_a_key(string environment)
    {
        await using var closed = Closed(environment);
        var client = closed.CreateClient();

        var response = await client.GetAsync(Url, key: null);
        (await response.ProblemAsync(401))["detail"]!.GetValue<string>()
            .ShouldBe("Send your key in the header X-Api-Key, or your token in Authorization: Bearer.");
        response.Headers.WwwAuthenticate.Select(scheme => scheme.Scheme).ShouldBe(["ApiKey", "Bearer"]);
        await (await client.GetAsync(Url, "wrong")).ProblemAsync(401);
        await (await client.GetAsync(Url, ReaderKey)).ProblemAsync(404);
        await (await client.GetAsync(Url, OperatorKey)).ProblemAsync(404);
        (await client.GetAsync("/alive", key: null)).IsSuccessStatusCode.ShouldBeTrue();
        (await client.GetAsync("/openapi/v1.json", key: null)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_of_the_back_office_is_let_in_and_a_customers_is_not()
    {
        await using var closed = Closed("Production");

        await (await GetAsync(_issuer.Token("grace", claims: ("role", "reader")))).ProblemAsync(404);
        await (await GetAsync(_issuer.Token("c-1001"))).ProblemAsync(403);
        await (await GetAsync(new TestIssuer().Token("grace", claims: ("role", "reader")))).ProblemAsync(401);

        Task<HttpResponseMessage> GetAsync(string token) => closed.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { Authorization = new("Bearer", token) } }, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("short", null, null, null, "CustomerCare:Key is too short")]
    [InlineData(null, "", "reader", null, "CustomerCare:Keys:0:Name is missing")]
    [InlineData(null, "ada", "admin", null, "CustomerCare:Keys:0:Role is 'admin'")]
    [InlineData(null, "ada", "reader", "secret", "CustomerCare:Keys:0:Hash must be")]
    [InlineData(null, null, null, null, "Nobody could call: set CustomerCare:Key or CustomerCare:Keys")]
    public void A_wrong_setting_is_named(string? key, string? name, string? role, string? hash, string problem)
    {
        var options = new ApiKeyOptions { RequireAuth = true, Key = key };
        if (name is not null)
            options.Keys.Add(new ApiKey { Name = name, Role = role!, Hash = hash ?? ApiKey.HashOf("secret") });

        new ApiKeyOptionsValidation(
                new AccessRules("CustomerCare", Roles.Reader), new HostingEnvironment { EnvironmentName = "Production" }, new ConfigurationBuilder().Build())
            .Validate(null, options).Failures.ShouldNotBeNull().ShouldHaveSingleItem().ShouldStartWith(problem);
    }

    private WebApplicationFactory<Program> Closed(string environment) => service.WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment(environment);
        if (environment == "Development")
            builder.UseSetting("CustomerCare:RequireAuth", "true"); // elsewhere it is
        _issuer.TrustedBy(builder);
        builder.UseSetting("CustomerCare:Key", OperatorKey);
        builder.UseSetting("CustomerCare:Keys:0:Name", "ada");
        builder.UseSetting("CustomerCare:Keys:0:Role", "reader");
        builder.UseSetting("CustomerCare:Keys:0:Hash", ApiKey.HashOf(ReaderKey).ToUpperInvariant());
    });
}
