using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Options;
using Orders.CustomerCare.Access;

namespace Orders.CustomerCare.Tests.Access;

public sealed class ApiKeyTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private const string ReaderKey = "a-long-random-reader-key";
    private const string OperatorKey = "a-long-random-operator-key";
    private const string Url = "/care/orders/17/events";

    [Fact]
    public async Task Reading_is_open_until_keys_are_required() =>
        await (await service.CreateClient().GetAsync(Url, key: null)).ProblemAsync(404);

    [Fact]
    public async Task A_key_that_is_not_known_is_refused_even_where_none_is_needed()
    {
        var response = await service.CreateClient().GetAsync(Url, "wrong");

        (await response.ProblemAsync(401))["detail"]!.GetValue<string>().ShouldBe("The key in X-Api-Key is not known.");
    }

    [Fact]
    public async Task Where_keys_are_required_nobody_reads_without_one()
    {
        await using var closed = Closed();
        var client = closed.CreateClient();

        var response = await client.GetAsync(Url, key: null);
        (await response.ProblemAsync(401))["detail"]!.GetValue<string>().ShouldBe("Send your key in the header X-Api-Key.");
        response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("ApiKey");
        await (await client.GetAsync(Url, "wrong")).ProblemAsync(401);
        await (await client.GetAsync(Url, ReaderKey)).ProblemAsync(404);
        await (await client.GetAsync(Url, OperatorKey)).ProblemAsync(404);
        (await client.GetAsync("/alive", key: null)).IsSuccessStatusCode.ShouldBeTrue();
        (await client.GetAsync("/openapi/v1.json", key: null)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, null, null, null, null, "CustomerCare:RequireKey is true")]
    [InlineData(false, "short", null, null, null, "CustomerCare:Key is too short")]
    [InlineData(false, null, "", "reader", null, "CustomerCare:Keys:0:Name is missing")]
    [InlineData(false, null, "ada", "admin", null, "CustomerCare:Keys:0:Role is 'admin'")]
    [InlineData(false, null, "ada", "reader", "secret", "CustomerCare:Keys:0:Hash must be")]
    public void A_wrong_setting_is_named(bool require, string? key, string? name, string? role, string? hash, string problem)
    {
        var options = new ApiKeyOptions { RequireKey = require, Key = key };
        if (name is not null)
            options.Keys.Add(new ApiKey { Name = name, Role = role!, Hash = hash ?? ApiKey.HashOf("secret") });

        new ApiKeyOptionsValidation().Validate(null, options).Failures.ShouldNotBeNull().ShouldHaveSingleItem().ShouldStartWith(problem);
    }

    private WebApplicationFactory<Program> Closed() => service.WithWebHostBuilder(builder =>
    {
        builder.UseSetting("CustomerCare:RequireKey", "true");
        builder.UseSetting("CustomerCare:Key", OperatorKey);
        builder.UseSetting("CustomerCare:Keys:0:Name", "ada");
        builder.UseSetting("CustomerCare:Keys:0:Role", "reader");
        builder.UseSetting("CustomerCare:Keys:0:Hash", ApiKey.HashOf(ReaderKey).ToUpperInvariant());
    });
}
