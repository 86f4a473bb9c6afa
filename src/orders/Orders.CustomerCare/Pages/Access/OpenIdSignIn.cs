using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Orders.Web.Access;

namespace Orders.CustomerCare.Pages.Access;

/// <summary>
/// Signing in at the issuer of the company: code flow with PKCE. What comes back begins a session like a key does, with the roles the issuer gives;
/// no token is kept. Where ASP.NET Core looks for the settings by itself: <c>Authentication:Schemes:OpenIdConnect</c>.
/// </summary>
internal static class OpenIdSignIn
{
    public const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;
    public const string Section = $"Authentication:Schemes:{Scheme}";
    public const string Path = "/sign-in/openid";

    /// <summary>What the page of the sign-in is told went wrong, in its address.</summary>
    public const string NoRole = "role";

    private const string Failed = "failed";

    public static bool IsConfigured(IConfiguration configuration) => configuration.GetSection(Section)["Authority"] is { Length: > 0 };

    /// <summary>What went wrong at the issuer, as one tells it; null where nothing did.</summary>
    public static string? Explain(string? problem) => problem switch
    {
        NoRole => $"You are known there, and have no role here: ask for {Roles.Reader} or {Roles.Operator}.",
        Failed => "The sign-in there did not come to an end. Try again.",
        _ => null,
    };

    public static void AddOpenIdSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<OpenIdSignInOptions>, OpenIdSignInValidation>();
        services.AddOptions<OpenIdSignInOptions>().BindConfiguration(Section).ValidateOnStart();
        if (!IsConfigured(configuration))
            return;
        services.AddAuthentication().AddOpenIdConnect(Scheme, options =>
        {
            options.SignInScheme = Session.Scheme;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // An answer as a form of another site would need cookies that go along with all of them.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.MapInboundClaims = false;
            options.SaveTokens = false;
            options.Events.OnTokenValidated = BeginSession;
            options.Events.OnRemoteFailure = ExplainFailure;
        });
    }

    public static void MapOpenIdSignIn(this WebApplication app)
    {
        if (!IsConfigured(app.Configuration))
            return;
        app.MapGet(Path, (HttpContext http) => Results.Challenge(
            new AuthenticationProperties { RedirectUri = LocalAddress.OrHome(http.Request.Query["return"]) }, [Scheme]))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static Task BeginSession(TokenValidatedContext context)
    {
        var claims = context.Principal!.Claims.ToList();
        var role = BearerTokens.RolesOf(claims).OrderBy(role => role == Roles.Operator ? 0 : 1).FirstOrDefault();
        if (context.Principal.FindFirstValue("sub") is not { Length: > 0 } subject || role is null)
        {
            context.HandleResponse();
            context.Response.Redirect($"/sign-in?problem={NoRole}");
            return Task.CompletedTask;
        }

        context.Principal = Session.Of(
            context.HttpContext, subject, context.Principal.FindFirstValue("preferred_username") ?? context.Principal.FindFirstValue("name") ?? subject, role);
        return Task.CompletedTask;
    }

    private static Task ExplainFailure(RemoteFailureContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdSignIn))
            .LogWarning("A sign-in at the issuer failed: {Problem}", context.Failure?.Message);
        context.HandleResponse();
        context.Response.Redirect($"/sign-in?problem={Failed}");
        return Task.CompletedTask;
    }
}

/// <summary>The settings of the issuer that are looked at before the start.</summary>
internal sealed class OpenIdSignInOptions
{
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public bool RequireHttpsMetadata { get; set; } = true;
}

internal sealed class OpenIdSignInValidation : IValidateOptions<OpenIdSignInOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenIdSignInOptions options)
    {
        if (string.IsNullOrEmpty(options.Authority))
            return ValidateOptionsResult.Success;
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && !options.RequireHttpsMetadata)))
            return ValidateOptionsResult.Fail($"{OpenIdSignIn.Section}:Authority is '{options.Authority}'; it must be the https address of the issuer.");
        return string.IsNullOrWhiteSpace(options.ClientId)
            ? ValidateOptionsResult.Fail($"{OpenIdSignIn.Section}:ClientId is not set; set it to what the issuer calls customer care.")
            : ValidateOptionsResult.Success;
    }
}
