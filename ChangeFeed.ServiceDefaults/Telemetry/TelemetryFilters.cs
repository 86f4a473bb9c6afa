using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>Which requests, in and out, have a span.</summary>
internal static class TelemetryFilters
{
    private const string StoreOperations = "Azure.Cosmos.Operation";

    /// <summary>False for health probes, and for connections that stay open and look for news all the time.</summary>
    public static bool IsAskedFor(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/health")
        && !http.Request.Path.StartsWithSegments("/alive")
        && !http.Request.Headers[HeaderNames.Accept].ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>False for the HTTP beneath an operation of the store: its span tells the same, and what it cost.</summary>
    public static bool IsNoStoreRequest(HttpRequestMessage request) => Activity.Current?.Parent?.Source.Name != StoreOperations;
}
