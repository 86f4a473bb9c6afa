using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Orders.CustomerCare.Access;

/// <summary>
/// Nobody takes more than their share: each key has its own limits, and so has each address that sends none or a wrong one.
/// Free are the endpoints that say so themselves: health, the OpenAPI document, styles and scripts.
/// </summary>
internal static class RateLimits
{
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidation>();
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => PartitionOf(http, limits.Value));
            limiter.OnRejected = AnswerAsync;
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext http, RateLimitOptions limits)
    {
        var path = http.Request.Path;
        if (path.StartsWithSegments("/live"))
            return RateLimitPartition.GetConcurrencyLimiter($"live {Who(http)}", _ => new ConcurrencyLimiterOptions { PermitLimit = limits.LivePages });
        if (path.StartsWithSegments("/sign-in") && HttpMethods.IsPost(http.Request.Method))
            return RateLimitPartition.GetTokenBucketLimiter($"sign-in {Address(http)}", _ => Bucket(limits.SignInsPerMinute, limits.SignInsPerMinute, TimeSpan.FromMinutes(1)));
        return RateLimitPartition.GetTokenBucketLimiter(
            $"{(path.StartsWithSegments("/care") ? "api" : "pages")} {Who(http)}", _ => Bucket(limits.RequestsPerSecond, limits.Burst, TimeSpan.FromSeconds(1)));
    }

    private static TokenBucketRateLimiterOptions Bucket(int tokens, int most, TimeSpan period) =>
        new() { TokensPerPeriod = tokens, TokenLimit = most, ReplenishmentPeriod = period };

    // Whoever sends no key or a wrong one shares with all others at their address, so that keys cannot be guessed quickly.
    private static string Who(HttpContext http) => http.User.Identity is { IsAuthenticated: true, Name: { } name } && name != ApiKeyHandler.Anonymous ? $"key {name}" : Address(http);

    private static string Address(HttpContext http) => $"address {http.Connection.RemoteIpAddress}";

    private static async ValueTask AnswerAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var http = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : 1;
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        // The pages have a page of their own for it.
        if (!http.Request.Path.StartsWithSegments("/care"))
            return;
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = new ProblemDetails
            {
                Status = StatusCodes.Status429TooManyRequests,
                Detail = $"These are more requests than this key may send. Try again in {wait} s.",
            },
        });
    }
}
