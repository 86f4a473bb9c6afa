using ChangeFeed.Emulator.Aspire;
using Microsoft.Extensions.Configuration;

namespace ChangeFeed.AppHost.Options;

/// <summary>
/// Where the dashboard listens. Aspire leaves that to a launch profile and ends in a stack trace without one: here plain HTTP
/// on loopback is the default, and a profile or an environment variable may say otherwise.
/// </summary>
internal static class DashboardAddresses
{
    private const string Urls = "ASPNETCORE_URLS";

    private static readonly string[] Internal = ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <exception cref="SettingException">The port is none, or in use.</exception>
    public static void Apply(IConfigurationManager configuration, Settings settings)
    {
        if (configuration["Ports:Dashboard"] is not null || configuration[Urls] is null)
            configuration[Urls] = $"http://localhost:{settings.Port("Dashboard", 15100, "the dashboard")}";
        else
            foreach (var url in configuration[Urls]!.Split(';'))
                if (Uri.TryCreate(url, UriKind.Absolute, out var address))
                    Settings.RequireFree(address.Port, "Dashboard", "the dashboard");

        foreach (var name in Internal)
            configuration[name] ??= $"http://localhost:{LoopbackPort.Take()}";
    }
}
