using ChangeFeed.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.ServiceDefaults;

/// <summary>What every service does alike.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, logging, health, service discovery and resilient HTTP clients.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="serviceName">Its name in telemetry.</param>
    /// <param name="port">Loopback port where nothing else is configured; 0 for any free one.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName, int port = 0)
    {
        var services = builder.Services;
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

        services.AddOptions<HostFilteringOptions>().Configure<IConfiguration, IHostEnvironment>((filter, configuration, environment) =>
        {
            if (HostNames.Standard(configuration, environment.IsDevelopment()) is { } names)
                filter.AllowedHosts = [.. names];
        });
        LogDefaults.Add(builder);
        builder.AddTelemetry(serviceName);
        services.AddHttpClientDefaults();
        services.TryAddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        services.AddHealthChecks();
        services.AddSingleton<IHealthCheckPublisher, HealthLog>();

        return builder;
    }

    /// <summary><c>/health</c>: ready for work. <c>/alive</c>: the process answers.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync }).DisableRateLimiting();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        return app;
    }
}
