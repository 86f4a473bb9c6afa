using System.Threading.RateLimiting;
using Orders.Web.Access;

namespace Orders.Api.Access;

/// <summary>How much may be asked of the orders API. Section <c>OrdersApi:RateLimits</c>.</summary>
internal sealed class OrdersRateLimits : RateLimitOptions
{
    public const string Section = "OrdersApi:RateLimits";

    // Twice what the shopper places at most: it is one caller, and its retries and cancellations count too.
    public OrdersRateLimits() => (RequestsPerSecond, Burst) = (200, 600);

    /// <summary>Streams of statistics that are open at the same time; 1 to 10,000.</summary>
    public int Streams { get; set; } = 100;

    public override IEnumerable<LimitSetting> Settings => [.. base.Settings, new(nameof(Streams), Streams, 1, 10_000)];

    public static RateLimitPartition<string>? Apart(HttpContext http, OrdersRateLimits limits) =>
        http.Request.Path.StartsWithSegments("/stats/stream") ? RateLimits.AtOnce($"stream {RateLimits.Who(http)}", limits.Streams) : null;
}
