using System.Globalization;
using ChangeFeed.EventStore;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Web;

/// <summary>Every exception of an endpoint as problem details: what the caller can do about it, and never how it came about in here.</summary>
internal sealed class ApiExceptionHandler(IProblemDetailsService problems, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    private const string StoreUnavailable = "The store cannot be reached or is too busy. Try again.";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Describe(context, exception);
        context.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem, Exception = exception });
    }

    private ProblemDetails Describe(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case InvalidRequestException { Errors: { } errors } e:
                return new HttpValidationProblemDetails(errors) { Status = e.Status, Detail = e.Message };
            case InvalidRequestException e:
                if (e.RetryAfter is { } wait)
                    context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return new ProblemDetails { Status = e.Status, Detail = e.Message };
            case BadHttpRequestException e:
                return new ProblemDetails { Status = e.StatusCode, Detail = e.Message };
            case WrongExpectedVersionException:
                return Unavailable(context, DefaultRetryAfter, "Others are changing the same order right now. Nothing was changed; try again.");
            case var e when StoreProblems.IsUnavailable(e):
                logger.LogWarning("The store could not answer: {Problem}", exception.Message);
                return Unavailable(context, (e as CosmosException)?.RetryAfter ?? DefaultRetryAfter, StoreUnavailable);
            default:
                logger.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                return new ProblemDetails
                {
                    Status = StatusCodes.Status500InternalServerError,
                    Detail = "Something went wrong in here; the log has the details under this trace id."
                };
        }
    }

    /// <summary>The answer to a request that took longer than <see cref="ApiExtensions.RequestTimeout"/>.</summary>
    public static async Task WriteTimeoutAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<ILogger<ApiExceptionHandler>>().LogWarning(
            "{Method} {Path} was given up: the store did not answer within {Timeout}", context.Request.Method, context.Request.Path,
            ApiExtensions.RequestTimeout);
        var problem = Unavailable(context, DefaultRetryAfter, StoreUnavailable);
        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static ProblemDetails Unavailable(HttpContext context, TimeSpan retryAfter, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Detail = detail };
    }
}
