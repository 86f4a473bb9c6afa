using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using OrderPipeline.CustomerCare.Access;

namespace OrderPipeline.CustomerCare.Pages.Access;

/// <summary>Who looks at the pages: the holder of a key, entered once and kept as a cookie that says which key it was, never the key.</summary>
internal static class Session
{
    public const string Scheme = "Session";
    public const string Cookie = "care-session";
    private const string Selector = "CustomerCare";
    private const string KeyClaim = "key";

    public static bool IsSignedIn(ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == KeyClaim);

    public static string? RoleOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Role);

    public static bool MayChange(ClaimsPrincipal user) => IsSignedIn(user) && user.IsInRole(Roles.Operator);

    public static ClaimsPrincipal PrincipalOf(ApiKey key) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, key.Name), new Claim(ClaimTypes.Role, key.Role), new Claim(KeyClaim, key.Hash)], Scheme));

    public static void AddPageSessions(this IServiceCollection services)
    {
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddCookie(Scheme, o =>
            {
                o.Cookie.Name = Cookie;
                o.Cookie.SameSite = SameSiteMode.Strict;
                o.Cookie.HttpOnly = true;
                o.ExpireTimeSpan = TimeSpan.FromHours(12);
                o.SlidingExpiration = true;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "return";
                o.Events.OnValidatePrincipal = RefuseWithdrawnKeysAsync;
            });
    }

    // The API knows only keys. Where reading is open to all, so are the pages, until somebody signs in.
    private static string SchemeOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/care") || (!context.Request.Cookies.ContainsKey(Cookie) && !Keys(context).RequireKey)
            ? ApiKeyHandler.SchemeName
            : Scheme;

    private static Task RefuseWithdrawnKeysAsync(CookieValidatePrincipalContext context)
    {
        var hash = context.Principal?.FindFirstValue(KeyClaim);
        var key = hash is null ? null : Keys(context.HttpContext).FindByHash(hash);
        if (key is null || key.Name != context.Principal!.Identity!.Name || !context.Principal.IsInRole(key.Role))
        {
            context.RejectPrincipal();
            context.HttpContext.Response.Cookies.Delete(Cookie);
        }

        return Task.CompletedTask;
    }

    private static ApiKeyOptions Keys(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptionsMonitor<ApiKeyOptions>>().Get(ApiKeyHandler.SchemeName);
}
