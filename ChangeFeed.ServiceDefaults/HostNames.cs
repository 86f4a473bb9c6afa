using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace ChangeFeed.ServiceDefaults;

/// <summary>
/// By which names a service may be called. A page of another site could have its own name lead to this machine (DNS rebinding), so what
/// listens for this machine alone answers to its names alone. Elsewhere the setting <c>AllowedHosts</c> says it.
/// </summary>
internal static class HostNames
{
    public static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private const string Setting = "AllowedHosts";

    /// <summary>The names to answer to; null to leave it to the setting, or to all names where there is none.</summary>
    public static IReadOnlyList<string>? Standard(IConfiguration configuration, bool isDevelopment) =>
        string.IsNullOrWhiteSpace(configuration[Setting]) && (isDevelopment || IsLoopbackOnly(configuration)) ? Loopback : null;

    private static bool IsLoopbackOnly(IConfiguration configuration) =>
        configuration["urls"] is { Length: > 0 } urls
        && !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
        && urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsLoopback);

    private static bool IsLoopback(string url) => Loopback.Contains(BindingAddress.Parse(url).Host, StringComparer.OrdinalIgnoreCase);
}
