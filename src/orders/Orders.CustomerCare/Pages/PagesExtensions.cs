using Orders.CustomerCare.Pages.Access;
using Orders.CustomerCare.Pages.Live;
using Orders.CustomerCare.Pages.Overview;
using Orders.Web.Access;

namespace Orders.CustomerCare.Pages;

/// <summary>The pages: rendered on the server, kept up to date by it, usable without any script.</summary>
internal static class PagesExtensions
{
    // Scripts and styles come from here alone, and no other site may show the pages in a frame.
    private const string ContentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] NotPages = ["/care", "/swagger", "/openapi", "/health", "/alive"];

    public static void AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents();
        services.AddPageSessions(configuration);
        services.AddOnDemandPoller<RecentOrdersReader>();
    }

    /// <summary>Errors as pages where somebody looks at pages; everything else keeps its problem details.</summary>
    public static void UsePages(this WebApplication app) => app.UseWhen(IsPage, pages =>
    {
        pages.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers["Referrer-Policy"] = "same-origin";
                return Task.CompletedTask;
            });
            return next(context);
        });
        pages.UseMiddleware<PageErrors>();
    });

    public static void MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().DisableRateLimiting();
        app.MapRazorComponents<App>().RequireAuthorization(Roles.Reader);
        app.MapOpenIdSignIn();
        app.MapLive();
    }

    private static bool IsPage(HttpContext context) => !NotPages.Any(prefix => context.Request.Path.StartsWithSegments(prefix));
}
