using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ChangeFeed.ServiceDefaults;

/// <summary>
/// Every client of <see cref="IHttpClientFactory"/> finds services by name, <c>http://orders-api</c>, and tries again what was not
/// answered, within time limits and behind a circuit breaker. Not tried again: what could be done twice.
/// </summary>
internal static class HttpClientDefaults
{
    private const string IdempotencyKey = "Idempotency-Key";

    public static void AddHttpClientDefaults(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(RetryWhatIsRepeatable);
            http.AddServiceDiscovery();
        });
    }

    public static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Method == HttpMethod.Trace || request.Headers.Contains(IdempotencyKey);

    private static void RetryWhatIsRepeatable(HttpStandardResilienceOptions options)
    {
        var transient = options.Retry.ShouldHandle;
        options.Retry.ShouldHandle = async attempt =>
            attempt.Context.GetRequestMessage() is { } request && IsRepeatable(request) && await transient(attempt);
    }
}
