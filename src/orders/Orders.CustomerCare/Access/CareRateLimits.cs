using System.Threading.RateLimiting;
using Orders.Web.Access;

namespace Orders.CustomerCare.Access;

/// <summary>How much may be asked of customer care. Section <c>CustomerCare:RateLimits</c>; for the API and for the pages each.</summary>
internal sealed class CareRateLimits : RateLimitOptions
{
    public const string Section = "CustomerCare:RateLimits";

    /// <summary>Pages that are kept up to date at the same time; 1 to 10,000.</summary>
    public int LivePages { get; set; } = 100;

    /// <summary>Sign-ins in a minute from one address; 1 to 10,000.</summary>
    public int SignInsPerMinute { get; set; } = 30;

    public override IEnumerable<LimitSetting> Settings =>
        [.. base.Settings, new(nameof(LivePages), LivePages, 1, 10_000), new(nameof(SignInsPerMinute), SignInsPerMinute, 1, 10_000)];

    public static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/care");

    public static RateLimitPartition<string>? Apart(HttpContext http, CareRateLimits limits)
    {
        if (http.Request.Path.StartsWithSegments("/live"))
            return RateLimits.AtOnce($"live {RateLimits.Who(http)}", limits.LivePages);
        return http.Request.Path.StartsWithSegments("/sign-in") && HttpMethods.IsPost(http.Request.Method)
            ? RateLimits.PerPeriod($"sign-in {RateLimits.Address(http)}", limits.SignInsPerMinute, limits.SignInsPerMinute, TimeSpan.FromMinutes(1))
            : null;
    }
}
