using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Orders.CustomerCare.Pages.Access;
using Orders.CustomerCare.Tests.Access;

namespace Orders.CustomerCare.Tests.Pages;

/// <summary>People sign in at the issuer of their company, and tools come with its tokens.</summary>
public sealed class OpenIdSignInTests(WithoutStore service) : IClassFixture<WithoutStore>, IAsyncLifetime
{
    private readonly CompanyIssuer _issuer = new();
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _issuer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_the_issuer_vouches_for_is_signed_in_with_the_role_it_gives_and_led_back()
    {
        await using var care = Care();
        var agent = new PageClient(care);
        (await PageClient.TextAsync(await agent.GetAsync("/sign-in?return=/services"))).ShouldContain("href=\"/sign-in/openid?return=%2Fservices\"");

        var back = await SignInAsync(agent, "/sign-in/openid?return=%2Fservices");

        back.Headers.Location!.OriginalString.ShouldBe("/services");
        agent.Cookies.ShouldContainKey(Session.Cookie);
        var page = await PageClient.TextAsync(await agent.GetAsync("/sign-in"));
        page.ShouldContain("You are <strong>ada</strong> with the role <strong>operator</strong>");

        var copy = agent.Copy();
        (await agent.SubmitAsync("/sign-in", "sign-out")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await PageClient.TextAsync(await copy.GetAsync("/sign-in"))).ShouldNotContain("Signed in");
    }

    [Theory]
    [InlineData("reader", "reader")]
    [InlineData("reader operator", "operator")]
    public async Task The_highest_role_of_the_back_office_counts(string roles, string role)
    {
        await using var care = Care();
        var agent = new PageClient(care);
        _issuer.Roles = roles.Split(' ');

        await SignInAsync(agent);

        (await PageClient.TextAsync(await agent.GetAsync("/sign-in"))).ShouldContain($"with the role <strong>{role}</strong>");
    }

    [Fact]
    public async Task Whoever_has_no_role_here_or_is_not_signed_in_there_is_told_so_and_stays_outside()
    {
        await using var care = Care();
        var agent = new PageClient(care);
        _issuer.Roles = ["accountant"];

        (await SignInAsync(agent)).Headers.Location!.OriginalString.ShouldBe("/sign-in?problem=role");
        (await PageClient.TextAsync(await agent.GetAsync("/sign-in?problem=role"))).ShouldContain("You are known there, and have no role here");
        agent.Cookies.ShouldNotContainKey(Session.Cookie);
        _issuer.Person = null;
        (await SignInAsync(agent)).Headers.Location!.OriginalString.ShouldBe("/sign-in?problem=failed");
        agent.Cookies.ShouldNotContainKey(Session.Cookie);
    }

    [Fact]
    public async Task An_answer_nobody_here_asked_for_signs_nobody_in()
    {
        await using var care = Care();
        var (victim, attacker) = (new PageClient(care), new PageClient(care));
        var answer = await AtIssuerAsync(attacker, "/sign-in/openid");

        // The attacker's answer, followed by a browser that did not begin: it has not got the cookies.
        (await victim.GetAsync(answer.PathAndQuery)).Headers.Location!.OriginalString.ShouldBe("/sign-in?problem=failed");
        victim.Cookies.ShouldNotContainKey(Session.Cookie);
        (await attacker.GetAsync("/sign-in/openid?return=https://evil.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await SignInAsync(attacker, "/sign-in/openid?return=https://evil.example")).Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Fact]
    public async Task The_api_takes_the_issuers_tokens_with_the_roles_in_them()
    {
        await using var care = Care();
        var client = care.CreateClient();

        (await StatusAsync(client, await TokenAsync("operator"), HttpMethod.Post)).ShouldBe(HttpStatusCode.BadRequest); // no reason was given
        (await StatusAsync(client, await TokenAsync("reader"), HttpMethod.Post)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(client, await TokenAsync("reader"), HttpMethod.Get)).ShouldBe(HttpStatusCode.NotFound); // let in; there is no such order
        (await StatusAsync(client, await TokenAsync("accountant"), HttpMethod.Get)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(client, await TokenAsync("operator") + "x", HttpMethod.Get)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Authority", "http://issuer.example", "Authentication:Schemes:OpenIdConnect:Authority is 'http://issuer.example'; it must be the https address of the issuer.")]
    [InlineData("ClientId", "", "Authentication:Schemes:OpenIdConnect:ClientId is not set; set it to what the issuer calls customer care.")]
    public void A_wrong_setting_is_one_sentence(string setting, string value, string problem)
    {
        var options = new OpenIdSignInOptions { Authority = "https://issuer.example", ClientId = "care" };
        if (setting == "Authority")
            options.Authority = value;
        else
            options.ClientId = value;

        new OpenIdSignInValidation().Validate(null, options).FailureMessage.ShouldBe(problem);
        new OpenIdSignInValidation().Validate(null, new OpenIdSignInOptions()).ShouldBe(ValidateOptionsResult.Success);
    }

    /// <summary>Begins here, goes to the issuer, and comes back with its answer.</summary>
    private async Task<HttpResponseMessage> SignInAsync(PageClient agent, string begin = "/sign-in/openid") =>
        await agent.GetAsync((await AtIssuerAsync(agent, begin)).PathAndQuery);

    private async Task<Uri> AtIssuerAsync(PageClient agent, string begin)
    {
        var leaves = await agent.GetAsync(begin);
        leaves.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var answer = await _browser.GetAsync(leaves.Headers.Location, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Stop));
        return answer.Headers.Location!;
    }

    /// <summary>A token as a tool of somebody gets it.</summary>
    private async Task<string> TokenAsync(string role)
    {
        _issuer.Roles = [role];
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        var asked = QueryHelpers.AddQueryString($"{_issuer.Address}/connect/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = CompanyIssuer.ClientId,
            ["redirect_uri"] = "http://localhost/tool",
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = challenge,
        });
        var answer = (await _browser.GetAsync(asked, Stop)).Headers.Location!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = CompanyIssuer.ClientId,
            ["redirect_uri"] = "http://localhost/tool",
            ["code_verifier"] = verifier,
            ["code"] = QueryHelpers.ParseQuery(answer.Query)["code"]!,
        });
        var tokens = await _browser.PostAsync($"{_issuer.Address}/connect/token", form, Stop);
        return (await tokens.Content.ReadFromJsonAsync<JsonNode>(Stop))!["access_token"]!.GetValue<string>();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string token, HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, method == HttpMethod.Post ? "/care/orders/17/cancel" : "/care/orders/17/events")
        {
            Headers = { Authorization = new("Bearer", token) },
            Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null,
        };
        return (await client.SendAsync(request, Stop)).StatusCode;
    }

    private WebApplicationFactory<Program> Care() => service.WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment("Production");
        foreach (var scheme in new[] { "OpenIdConnect", "Bearer" })
        {
            builder.UseSetting($"Authentication:Schemes:{scheme}:Authority", _issuer.Address);
            builder.UseSetting($"Authentication:Schemes:{scheme}:RequireHttpsMetadata", "false");
        }

        builder.UseSetting("Authentication:Schemes:OpenIdConnect:ClientId", CompanyIssuer.ClientId);
        builder.UseSetting("Authentication:Schemes:Bearer:ValidAudience", CompanyIssuer.Audience);
    });
}
