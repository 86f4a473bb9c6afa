using ChangeFeed.AppHost.Lifecycle;
using ChangeFeed.AppHost.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.AppHost;

/// <summary>The Aspire application this app host fills: how it is configured, announced and stopped.</summary>
internal static class OrderPipelineApplication
{
    /// <exception cref="SettingException">An option is unknown, or a setting is wrong.</exception>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args, out Settings settings)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = Arguments.Normalise(args),
            AllowUnsecuredTransport = true,
            DashboardApplicationName = "Order pipeline",
        });
        settings = new Settings(builder.Configuration, builder.AppHostDirectory);
        DashboardAddresses.Apply(builder.Configuration, settings);
        // Otherwise the command comes back while the services still stop, and the next start finds their ports and data taken.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<WhereToFindIt>();
        builder.Services.AddSingleton<ServiceProcesses>();
        builder.Services.AddSingleton<Browser>();
        builder.Services.AddHostedService<ServicesStopFirst>();
        builder.Services.AddHostedService<StartupReport>();
        return builder;
    }
}
