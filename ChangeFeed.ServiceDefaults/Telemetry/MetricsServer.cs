using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace ChangeFeed.ServiceDefaults.Telemetry;

/// <summary>
/// Metrics as Prometheus reads them, at <c>/metrics</c> of an address of their own: a second listener with nothing else on it, so that neither
/// callers, limits nor host names of the service have to do with it.
/// </summary>
internal sealed class MetricsServer(MeterProvider meters, IOptions<TelemetryOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var address = BindingAddress.Parse(options.Value.MetricsAddress!);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(address.ToString());
        builder.Services.AddHostFiltering(hosts => hosts.AllowedHosts = HostNames.Loopback.Contains(address.Host) ? [.. HostNames.Loopback] : ["*"]);
        _app = builder.Build();
        _app.UseHostFiltering();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, "/metrics", configureBranchedPipeline: null, optionsName: null);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new StartupException($"Telemetry:MetricsAddress is '{address}', and nothing can listen there: {e.Message}", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }
}

/// <summary>Registration of <see cref="MetricsServer"/>.</summary>
internal static class MetricsServerExtensions
{
    /// <summary>Nothing where no address is set.</summary>
    public static void AddMetricsServer(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<TelemetryOptions>, MetricsAddressValidation>();
        if (string.IsNullOrWhiteSpace(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.MetricsAddress)}"]))
            return;
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddPrometheusExporter());
        services.AddHostedService<MetricsServer>();
    }
}

internal sealed class MetricsAddressValidation : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        string.IsNullOrWhiteSpace(options.MetricsAddress) || IsAddress(options.MetricsAddress)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"Telemetry:MetricsAddress is '{options.MetricsAddress}'; it must be an address with a port of its own, such as http://127.0.0.1:9464 or http://+:9464.");

    private static bool IsAddress(string text)
    {
        try
        {
            return BindingAddress.Parse(text) is { Scheme: "http", Port: > 0, IsUnixPipe: false, IsNamedPipe: false, PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
