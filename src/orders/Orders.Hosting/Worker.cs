using ChangeFeed.MassTransit;
using ChangeFeed.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Orders.Hosting;

/// <summary>A service that reads the change feed and has no face to the outside: what it needs, and its endpoints on the feed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Services">Registers what its consumers need.</param>
/// <param name="Endpoints">Adds its endpoints; each has a lease prefix of its own.</param>
public sealed record Worker(string Name, Action<WebApplicationBuilder> Services, Action<ChangeFeedConfigurator, IConfiguration> Endpoints);

/// <summary>Runs workers: each as a process, or several in one.</summary>
public static class Workers
{
    /// <summary>Runs workers in this process until it is told to stop.</summary>
    /// <param name="name">The process: in telemetry and in the user agent.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="workers">The workers.</param>
    /// <returns>The exit code of the process.</returns>
    public static Task<int> RunAsync(string name, string[] args, params IReadOnlyList<Worker> workers)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddOrderService(name);
        foreach (var worker in workers)
            worker.Services(builder);
        builder.AddChangeFeed(feed =>
        {
            foreach (var worker in workers)
                worker.Endpoints(feed, builder.Configuration);
        });
        return builder.RunServiceAsync(app => app.MapServiceDefaults());
    }
}
