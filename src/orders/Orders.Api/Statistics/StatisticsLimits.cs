using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Orders.ReadModels.Statistics;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.Api.Statistics;

/// <summary>How much of the statistics one caller may have read. Section <c>OrdersApi:Statistics</c>.</summary>
internal sealed class StatisticsOptions : ILimitOptions
{
    public const string Section = "OrdersApi:Statistics";

    /// <summary>Hours a second in the long run: each is a query of each part of it, together about 50 request units; 1 to 10,000.</summary>
    public int HoursPerSecond { get; set; } = 20;

    /// <summary>Hours at once after a quiet time; at least those of one answer, at most 100,000.</summary>
    public int Burst { get; set; } = 1000;

    public IEnumerable<LimitSetting> Settings =>
        [new(nameof(HoursPerSecond), HoursPerSecond, 1, 10_000), new(nameof(Burst), Burst, StatisticsQuery.MaxHours + 1, 100_000)];
}

/// <summary>Holds callers to what they may have read. The stream of the last minutes is free: it is read once for all who look.</summary>
internal sealed class StatisticsLimits(IOptions<StatisticsOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimits.PerPeriod(caller, options.Value.HoursPerSecond, options.Value.Burst, TimeSpan.FromSeconds(1)));

    /// <summary>Takes what a question costs.</summary>
    /// <exception cref="InvalidRequestException">It is more than is left: 429.</exception>
    public void Take(HttpContext http, StatisticsQuery query)
    {
        var hours = (int)Math.Ceiling((query.To - StatisticsQuery.Down(query.From, StatisticsQuery.Hour)) / StatisticsQuery.Hour);
        using var lease = _limiter.AttemptAcquire(RateLimits.Who(http), hours);
        if (lease.IsAcquired)
            return;
        var wait = RateLimits.RetryAfter(lease);
        throw new InvalidRequestException(
            StatusCodes.Status429TooManyRequests,
            $"These are more hours of statistics than one caller may have read ({options.Value.HoursPerSecond} a second). "
            + $"Ask for less, or try again in {wait.TotalSeconds} s.")
        { RetryAfter = wait };
    }

    public void Dispose() => _limiter.Dispose();
}

/// <summary>Registration of the limits of statistics.</summary>
internal static class StatisticsLimitExtensions
{
    public static void AddStatistics(this IServiceCollection services)
    {
        services.AddLimits<StatisticsOptions>(StatisticsOptions.Section);
        services.AddSingleton<StatisticsLimits>();
        services.AddSingleton<StatisticsReader>();
        services.AddSingleton<StatisticsService>();
        services.AddSingleton<LatestStatistics>();
    }

    /// <summary>Says in the OpenAPI document that there is a limit.</summary>
    public static RouteHandlerBuilder AnswersTooMuch(this RouteHandlerBuilder endpoint) => endpoint
        .AnswersProblem(StatusCodes.Status429TooManyRequests, "More hours of statistics than one caller may have read. Ask for less, or later.")
        .AnswersHeader(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds to wait before trying again.");
}
