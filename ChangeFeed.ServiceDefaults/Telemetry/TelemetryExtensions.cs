using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs. Spans are always made, so that every event carries the trace it belongs to; they leave the process only
/// where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. The exporter reads the other standard variables itself.
/// </summary>
internal static class TelemetryExtensions
{
    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        builder.Services.AddTransient<RequestHandler, RequestChargeHandler>(); // one for each client
        builder.Services.Configure<OpenTelemetryLoggerOptions>(logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, true));
        var telemetry = builder.Services.AddOpenTelemetry()
            // The name is the default; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say otherwise.
            .ConfigureResource(resource => resource.AddService(serviceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("ChangeFeed.*", "Orders.*"))
            .WithTracing(Trace);
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter(); // logs as well
        builder.Services.AddMetricsServer(builder.Configuration);
    }

    private static void Trace(TracerProviderBuilder traces) => traces
        .SetSampler(services => BackgroundSampler.Create(Options(services)))
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = TelemetryFilters.IsNoStoreRequest)
        .AddSource("ChangeFeed.*", "Orders.*", "Azure.Cosmos.Operation")
        .ConfigureServices(services => services.AddOptions<AspNetCoreTraceInstrumentationOptions>()
            .Configure<IOptions<TelemetryOptions>>((requests, options) =>
            {
                if (!options.Value.TraceBackground)
                    requests.Filter = TelemetryFilters.IsAskedFor;
            }));

    private static TelemetryOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<TelemetryOptions>>().Value;
}
