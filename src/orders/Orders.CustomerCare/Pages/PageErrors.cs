using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Web;

namespace Orders.CustomerCare.Pages;

/// <summary>What goes wrong on the way to a page, as a page.</summary>
internal sealed class PageErrors(RequestDelegate next, ILogger<PageErrors> logger)
{
    /// <summary>Where a page that says what is wrong with a request finds it.</summary>
    public const string ProblemItem = "problem";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is not { HasStarted: false, ContentType: null } response || context.Request.Path.StartsWithSegments("/live"))
                return;
            if (response.StatusCode == StatusCodes.Status404NotFound)
                await ShowAsync<NotFoundPage>(context, StatusCodes.Status404NotFound);
            else if (response.StatusCode == StatusCodes.Status429TooManyRequests)
                await ShowAsync<TooManyPage>(context, StatusCodes.Status429TooManyRequests);
        }
        catch (InvalidRequestException e) when (!context.Response.HasStarted)
        {
            context.Items[ProblemItem] = e.InWords();
            await ShowAsync<BadRequestPage>(context, e.Status);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await ShowAsync<ErrorPage>(context, StatusCodes.Status500InternalServerError);
        }
    }

    private static async Task ShowAsync<T>(HttpContext context, int status)
    {
        var retryAfter = context.Response.Headers.RetryAfter;
        context.Response.Clear();
        context.Response.Headers.RetryAfter = retryAfter;
        // The services of this request have begun with another page and cannot make a second one.
        var before = context.RequestServices;
        await using var scope = before.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await new RazorComponentResult<App>(new { Instead = typeof(T) }) { StatusCode = status }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = before;
        }
    }
}

internal static class PageErrorsExtensions
{
    /// <summary>Says that what the page is about is not there; the page itself explains it.</summary>
    public static void IsNotThere(this HttpResponse response) => response.OnStarting(() =>
    {
        // Not before: the renderer leaves an answer that is a 404 already to others.
        response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
