using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Orders.Web.Access;

namespace Orders.Api.Tests.Access;

/// <summary>What keeps an API from starting: what would let in everybody, or nobody.</summary>
public sealed class StartTests
{
    private const string Key = "a-long-random-operator-key";
    private const string Bearer = "Authentication:Schemes:Bearer";

    [Fact]
    public void Outside_development_it_starts_with_a_key_or_an_issuer_and_not_without()
    {
        Problem("Production").ShouldBe(
            "Nobody could call: set OrdersApi:Key or OrdersApi:Keys for callers with a key, "
            + "or Authentication:Schemes:Bearer:Authority for those with a token.");
        Problem("Staging").ShouldStartWith("Nobody could call");
        Problem("Production", ("OrdersApi:Key", "")).ShouldStartWith("Nobody could call");
        Problem("Production", ($"{Bearer}:Authority", ""), ($"{Bearer}:ValidAudience", "")).ShouldStartWith("Nobody could call");
        Problem("Production", ("OrdersApi:Key", Key)).ShouldBeNull();
        Problem("Production", ("OrdersApi:Keys:0:Name", "ada"), ("OrdersApi:Keys:0:Hash", ApiKey.HashOf(Key))).ShouldBeNull();
        Problem("Production", ($"{Bearer}:Authority", "https://issuer.example"), ($"{Bearer}:ValidAudience", "orders")).ShouldBeNull();
    }

    [Fact]
    public void Only_development_lets_in_calls_without_a_caller()
    {
        Problem("Development").ShouldBeNull();
        Problem("Development", ("OrdersApi:RequireAuth", "true")).ShouldStartWith("Nobody could call");
        Problem("Production", ("OrdersApi:RequireAuth", "false"), ("OrdersApi:Key", Key)).ShouldBe(
            "OrdersApi:RequireAuth is false, and the environment is Production: calls without a caller are let in in Development alone.");
    }

    [Fact]
    public void A_wrong_issuer_is_named()
    {
        Problem("Production", ($"{Bearer}:Authority", "https://issuer.example")).ShouldBe(
            $"{Bearer}:ValidAudience is not set; set it to what the issuer gives as the audience in tokens for this API.");
        Problem("Production", ($"{Bearer}:Authority", "http://issuer.example"), ($"{Bearer}:ValidAudience", "orders")).ShouldBe(
            $"{Bearer}:Authority is 'http://issuer.example'; it must be the https address of the issuer.");
    }

    private static string? Problem(string environment, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build();
        var options = configuration.GetSection("OrdersApi").Get<ApiKeyOptions>() ?? new ApiKeyOptions();
        IHostEnvironment host = new HostingEnvironment { EnvironmentName = environment };
        options.RequireAuth ??= !host.IsDevelopment();
        return new ApiKeyOptionsValidation(new AccessRules("OrdersApi", Roles.Operator), host, configuration).Validate(null, options).Failures?.Single();
    }
}
