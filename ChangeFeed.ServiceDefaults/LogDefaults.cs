using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;

namespace ChangeFeed.ServiceDefaults;

/// <summary>What is worth a line in the log; any of it can be set otherwise under the same key.</summary>
internal static class LogDefaults
{
    public static void Add(WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                // Four lines for every request, health checks included, tell less than its trace.
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
                // Its warning is the SDK's diagnostics: pages of them.
                new("Logging:LogLevel:Microsoft.AspNetCore.Http.Timeouts", "Error"),
                new("Logging:LogLevel:System.Net.Http", "Warning"),
                // Three lines for every call of a tool.
                new("Logging:LogLevel:ModelContextProtocol", "Warning"),
                // A line for every probe that finds a service not ready; HealthLog has one when it turns.
                new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
                // What keeps a service from starting, with a stack trace; ServiceRunner says it in a sentence. What ends it later is critical.
                new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"),
                new("Logging:Console:FormatterName", "simple"),
                new("Logging:Console:FormatterOptions:SingleLine", "true"),
                new("Logging:Console:FormatterOptions:TimestampFormat", "HH:mm:ss.fff "),
                new("Logging:Console:FormatterOptions:UseUtcTimestamp", "true"),
            ],
        });
}
