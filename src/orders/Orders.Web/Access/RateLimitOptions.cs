namespace Orders.Web.Access;

/// <summary>How much one caller, or one address without a caller, may ask for. Section <c>RateLimits</c> in that of the service.</summary>
public class RateLimitOptions : ILimitOptions
{
    /// <summary>Requests in a second in the long run; 1 to 100,000.</summary>
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests at once after a quiet time; at least <see cref="RequestsPerSecond"/>.</summary>
    public int Burst { get; set; } = 300;

    /// <inheritdoc/>
    public virtual IEnumerable<LimitSetting> Settings =>
        [new(nameof(RequestsPerSecond), RequestsPerSecond, 1, 100_000), new(nameof(Burst), Burst, RequestsPerSecond, 1_000_000)];
}
