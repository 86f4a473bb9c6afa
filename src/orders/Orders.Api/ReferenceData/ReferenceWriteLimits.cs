using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.ReferenceData;

/// <summary>
/// How many changes of customers and products one caller may ask for: each is little work here, and a search of all orders in the background.
/// Section <c>OrdersApi:ReferenceWrites</c>.
/// </summary>
internal sealed class ReferenceWriteOptions : ILimitOptions
{
    public const string Section = "OrdersApi:ReferenceWrites";

    /// <summary>Changes a second in the long run; 1 to 10,000.</summary>
    public int PerSecond { get; set; } = 20;

    /// <summary>Changes at once after a quiet time; at least <see cref="PerSecond"/>, at most 100,000.</summary>
    public int Burst { get; set; } = 200;

    public IEnumerable<LimitSetting> Settings =>
        [new(nameof(PerSecond), PerSecond, 1, 10_000), new(nameof(Burst), Burst, PerSecond, 100_000)];
}

/// <summary>The limit of changes of customers and products.</summary>
internal static class ReferenceWriteLimits
{
    private const string Policy = "reference-writes";

    public static void AddReferenceWriteLimits(this IServiceCollection services)
    {
        services.AddLimits<ReferenceWriteOptions>(ReferenceWriteOptions.Section);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<ReferenceWriteOptions>>((limiter, limits) => limiter.AddPolicy(
            Policy, http => RateLimits.PerPeriod($"changes {RateLimits.Who(http)}", limits.Value.PerSecond, limits.Value.Burst, TimeSpan.FromSeconds(1))));
    }

    /// <summary>Holds callers of the endpoint to the limit, and says so in the OpenAPI document.</summary>
    public static RouteHandlerBuilder IsLimited(this RouteHandlerBuilder endpoint) => endpoint
        .RequireRateLimiting(Policy)
        .AnswersProblem(StatusCodes.Status429TooManyRequests, "More changes of customers and products than one caller may ask for. Nothing was changed.")
        .AnswersHeader(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds to wait before trying again.");
}
