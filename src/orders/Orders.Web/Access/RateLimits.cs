using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.Web.Access;

/// <summary>
/// Nobody takes more than their share: each caller has their own limits, and so has each address that sends nothing or something wrong.
/// Free are the endpoints that say so themselves: health, the OpenAPI document, styles and scripts.
/// </summary>
public static class RateLimits
{
    /// <summary>Adds the limits.</summary>
    /// <typeparam name="T">The settings of the service.</typeparam>
    /// <param name="services">The service.</param>
    /// <param name="section">Where the settings are.</param>
    /// <param name="apart">What has a limit of its own; null for what has not.</param>
    /// <param name="isApi">Which requests are told in problem details; the others have pages that say it. All when left out.</param>
    public static void AddRateLimits<T>(
        this IServiceCollection services, string section, Func<HttpContext, T, RateLimitPartition<string>?> apart, Func<HttpContext, bool>? isApi = null)
        where T : RateLimitOptions
    {
        services.AddLimits<T>(section);
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<T>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
                http => apart(http, limits.Value) ?? Usual(http, limits.Value, IsApi(http)));
            limiter.OnRejected = (rejected, _) => AnswerAsync(rejected, IsApi(rejected.HttpContext));
        });

        bool IsApi(HttpContext http) => isApi is null || isApi(http);
    }

    /// <summary>So many in a period, and no more at once.</summary>
    public static RateLimitPartition<string> PerPeriod(string name, int tokens, int most, TimeSpan period) => RateLimitPartition.GetTokenBucketLimiter(
        name, _ => new TokenBucketRateLimiterOptions { TokensPerPeriod = tokens, TokenLimit = most, ReplenishmentPeriod = period });

    /// <summary>So many at the same time.</summary>
    public static RateLimitPartition<string> AtOnce(string name, int most) =>
        RateLimitPartition.GetConcurrencyLimiter(name, _ => new ConcurrencyLimiterOptions { PermitLimit = most });

    /// <summary>Whole seconds, at least one, after which it is worth trying again.</summary>
    public static TimeSpan RetryAfter(RateLimitLease refused) => TimeSpan.FromSeconds(
        refused.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, Math.Ceiling(time.TotalSeconds)) : 1);

    /// <summary>Whose share a request takes from.</summary>
    /// <remarks>Whoever sends nothing or something wrong shares with all others at their address, so that keys cannot be guessed quickly.</remarks>
    public static string Who(HttpContext http) =>
        Caller.IsAnonymous(http.User) ? Address(http) : $"{http.User.Identity!.AuthenticationType} {http.User.Identity.Name}";

    /// <summary>Where a request comes from.</summary>
    public static string Address(HttpContext http) => $"address {http.Connection.RemoteIpAddress}";

    private static RateLimitPartition<string> Usual(HttpContext http, RateLimitOptions limits, bool isApi) => PerPeriod(
        $"{(isApi ? "api" : "pages")} {Who(http)}", limits.RequestsPerSecond, limits.Burst, TimeSpan.FromSeconds(1));

    private static async ValueTask AnswerAsync(OnRejectedContext rejected, bool isApi)
    {
        var http = rejected.HttpContext;
        var wait = RetryAfter(rejected.Lease).TotalSeconds;
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        if (!isApi)
            return;
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = new ProblemDetails
            {
                Status = StatusCodes.Status429TooManyRequests,
                Detail = $"These are more requests than this caller may send. Try again in {wait} s.",
            },
        });
    }
}
