using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrderPipeline.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs. Spans are always made, so that every event carries the trace it belongs to; they leave the process only
/// where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. The exporter reads the other standard variables itself.
/// </summary>
internal sealed class Telemetry(IConfiguration configuration, ResourceBuilder resource) : IHostedService, IDisposable
{
    private static readonly string[] Sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "MassTransit", "OrderPipeline.*", "Azure.Cosmos.Operation"];

    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "MassTransit", "OrderPipeline.*"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public static void Add(IHostApplicationBuilder builder, string serviceName)
    {
        var resource = ResourceBuilder.CreateDefault().AddService(serviceName).AddEnvironmentVariableDetector();
        builder.Services.AddSingleton(resource).AddHostedService<Telemetry>();
        if (Exports(builder.Configuration))
            builder.Logging.AddOpenTelemetry(o =>
            {
                o.IncludeFormattedMessage = true;
                o.IncludeScopes = true;
                o.SetResourceBuilder(resource).AddOtlpExporter();
            });
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources);
        if (Exports(configuration))
        {
            traces.AddOtlpExporter();
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build();
        }

        _traces = traces.Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Disposing sends what is still waiting; the host disposes after every other service has stopped.
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static bool Exports(IConfiguration configuration) => !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
