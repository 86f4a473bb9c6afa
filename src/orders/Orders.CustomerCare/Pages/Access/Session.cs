using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Orders.Domain;
using Orders.Web.Access;

namespace Orders.CustomerCare.Pages.Access;

/// <summary>
/// Who looks at the pages: the holder of a key, entered once and kept as a cookie that says which key it was, never the key; or whoever the
/// issuer of the company vouched for.
/// </summary>
internal static class Session
{
    public const string Scheme = "Session";
    public const string Cookie = "care-session";
    private const string Selector = "CustomerCare";
    private const string KeyClaim = "key";
    private const string SessionClaim = "session";
    private const string ShownClaim = "shown";

    public static bool IsSignedIn(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == SessionClaim);

    public static bool HoldsKey(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == KeyClaim);

    /// <summary>What to call them.</summary>
    public static string? NameOf(ClaimsPrincipal user) => user.FindFirstValue(ShownClaim) ?? user.Identity?.Name;

    public static string? RoleOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role);

    public static bool MayChange(ClaimsPrincipal user) => IsSignedIn(user) && user.IsInRole(Roles.Operator);

    /// <summary>Begins a session of whoever holds the key.</summary>
    public static Task BeginAsync(HttpContext context, ApiKey key) => context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, key.Name), new Claim(ClaimTypes.Role, key.Role), new Claim(KeyClaim, key.Hash),
            new Claim(SessionClaim, Open(context).Begin()),
        ],
        Scheme)));

    /// <summary>A session of whoever the issuer vouched for; in the audit trail they have the name they have with a token.</summary>
    public static ClaimsPrincipal Of(HttpContext context, string subject, string shown, string role) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, subject), new Claim(ClaimTypes.Role, role), new Claim(ShownClaim, shown),
            new Claim(SessionClaim, Open(context).Begin()),
        ],
        Scheme));

    /// <summary>Ends the session: no copy of its cookie opens anything any more.</summary>
    public static Task EndAsync(HttpContext context)
    {
        Open(context).End(context.User.FindFirstValue(SessionClaim));
        return context.SignOutAsync(Scheme);
    }

    public static void AddPageSessions(this IServiceCollection services, IConfiguration configuration)
    {
        var comesFromIssuer = OpenIdSignIn.IsConfigured(configuration);
        services.AddSingleton<OpenSessions>();
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddCookie(Scheme, o =>
            {
                o.Cookie.Name = Cookie;
                // Whoever comes back from the issuer follows a link of another site. Forms have a token of their own against others'.
                o.Cookie.SameSite = comesFromIssuer ? SameSiteMode.Lax : SameSiteMode.Strict;
                o.Cookie.HttpOnly = true;
                o.ExpireTimeSpan = OpenSessions.Lifetime;
                o.SlidingExpiration = false;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "return";
                o.Events.OnValidatePrincipal = RefuseWhatEndedAsync;
            });
        services.AddOpenIdSignIn(configuration);
    }

    // The API knows keys and tokens, and no cookie. Where reading is open to all, so are the pages, until somebody signs in.
    private static string SchemeOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/care") || (!context.Request.Cookies.ContainsKey(Cookie) && Keys(context).IsOpen)
            ? AccessExtensions.AnyCaller
            : Scheme;

    private static Task RefuseWhatEndedAsync(CookieValidatePrincipalContext context)
    {
        var user = context.Principal!;
        if (!Open(context.HttpContext).IsOpen(user.FindFirstValue(SessionClaim)) || (HoldsKey(user) && !IsStillGiven(user, context.HttpContext)))
        {
            context.RejectPrincipal();
            context.HttpContext.Response.Cookies.Delete(Cookie);
        }

        return Task.CompletedTask;
    }

    private static bool IsStillGiven(ClaimsPrincipal user, HttpContext context) =>
        Keys(context).FindByHash(user.FindFirstValue(KeyClaim)!) is { } key && key.Name == user.Identity!.Name && user.IsInRole(key.Role);

    private static OpenSessions Open(HttpContext context) => context.RequestServices.GetRequiredService<OpenSessions>();

    private static ApiKeyOptions Keys(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptionsMonitor<ApiKeyOptions>>().Get(ApiKey.Scheme);
}
