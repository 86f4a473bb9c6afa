using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Orders.Domain;
using Orders.Web.Access;

namespace Orders.CustomerCare.Pages.Access;

/// <summary>Who looks at the pages: the holder of a key, entered once and kept as a cookie that says which key it was, never the key.</summary>
internal static class Session
{
    public const string Scheme = "Session";
    public const string Cookie = "care-session";
    private const string Selector = "CustomerCare";
    private const string KeyClaim = "key";
    private const string SessionClaim = "session";

    public static bool IsSignedIn(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == KeyClaim);

    public static string? RoleOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role);

    public static bool MayChange(ClaimsPrincipal user) => IsSignedIn(user) && user.IsInRole(Roles.Operator);

    /// <summary>Begins a session of whoever holds the key.</summary>
    public static Task BeginAsync(HttpContext context, ApiKey key) => context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, key.Name), new Claim(ClaimTypes.Role, key.Role), new Claim(KeyClaim, key.Hash),
            new Claim(SessionClaim, Open(context).Begin()),
        ],
        Scheme)));

    /// <summary>Ends the session: no copy of its cookie opens anything any more.</summary>
    public static Task EndAsync(HttpContext context)
    {
        Open(context).End(context.User.FindFirstValue(SessionClaim));
        return context.SignOutAsync(Scheme);
    }

    public static void AddPageSessions(this IServiceCollection services)
    {
        services.AddSingleton<OpenSessions>();
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddCookie(Scheme, o =>
            {
                o.Cookie.Name = Cookie;
                o.Cookie.SameSite = SameSiteMode.Strict;
                o.Cookie.HttpOnly = true;
                o.ExpireTimeSpan = OpenSessions.Lifetime;
                o.SlidingExpiration = false;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "return";
                o.Events.OnValidatePrincipal = RefuseWhatEndedAsync;
            });
    }

    // The API knows keys and tokens, and no cookie. Where reading is open to all, so are the pages, until somebody signs in.
    private static string SchemeOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/care") || (!context.Request.Cookies.ContainsKey(Cookie) && Keys(context).IsOpen)
            ? AccessExtensions.AnyCaller
            : Scheme;

    private static Task RefuseWhatEndedAsync(CookieValidatePrincipalContext context)
    {
        var hash = context.Principal?.FindFirstValue(KeyClaim);
        var key = hash is null ? null : Keys(context.HttpContext).FindByHash(hash);
        if (!Open(context.HttpContext).IsOpen(context.Principal?.FindFirstValue(SessionClaim))
            || key is null || key.Name != context.Principal!.Identity!.Name || !context.Principal.IsInRole(key.Role))
        {
            context.RejectPrincipal();
            context.HttpContext.Response.Cookies.Delete(Cookie);
        }

        return Task.CompletedTask;
    }

    private static OpenSessions Open(HttpContext context) => context.RequestServices.GetRequiredService<OpenSessions>();

    private static ApiKeyOptions Keys(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptionsMonitor<ApiKeyOptions>>().Get(ApiKey.Scheme);
}
