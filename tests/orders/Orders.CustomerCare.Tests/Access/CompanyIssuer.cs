using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Orders.CustomerCare.Tests.Access;

/// <summary>
/// A token server of the test's own, as a company has one: OpenIddict on loopback, without a database. Whoever comes is signed in at once, as the one
/// the test says.
/// </summary>
internal sealed class CompanyIssuer : IAsyncDisposable
{
    public const string ClientId = "customer-care";
    public const string Audience = "orders";

    private WebApplication? _app;

    /// <summary>Who is signed in there; null when they refuse.</summary>
    public string? Person { get; set; } = "ada";

    /// <summary>The roles it gives them.</summary>
    public IReadOnlyList<string> Roles { get; set; } = ["operator"];

    public string Address => _app!.Urls.Single();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            server.RegisterScopes(OpenIddictConstants.Scopes.Profile).EnableDegradedMode();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (Person is null)
                    context.Reject(OpenIddictConstants.Errors.AccessDenied);
                else
                    context.SignIn(Principal(Person));
                return default;
            }));
        });
        _app = builder.Build();
        _app.UseAuthentication();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? default;

    private ClaimsPrincipal Principal(string person)
    {
        var identity = new ClaimsIdentity("issuer", OpenIddictConstants.Claims.Name, OpenIddictConstants.Claims.Role);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, $"id-of-{person}").SetClaim(OpenIddictConstants.Claims.PreferredUsername, person)
            .SetClaims(OpenIddictConstants.Claims.Role, [.. Roles]);
        identity.SetScopes(OpenIddictConstants.Scopes.OpenId).SetAudiences(Audience);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken, OpenIddictConstants.Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }
}
