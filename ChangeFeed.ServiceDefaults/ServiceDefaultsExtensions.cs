using ChangeFeed.EventStore;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using ChangeFeed.ServiceDefaults.PersonalData;
using ChangeFeed.ServiceDefaults.Telemetry;
using ChangeFeed.Projections.Versions;

namespace ChangeFeed.ServiceDefaults;

/// <summary>What every service does alike.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, health, service discovery, resilient HTTP clients, the store and the event store.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="serviceName">Its name: in telemetry, in the user agent, and as <c>by</c> in the events it appends.</param>
    /// <param name="port">Loopback port where nothing else is configured; 0 for any free one.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName, int port = 0)
    {
        var services = builder.Services;
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null)
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

        LogDefaults.Add(builder);
        builder.AddTelemetry(serviceName);
        services.AddHttpClientDefaults();
        services.TryAddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        services.AddHealthChecks();
        services.AddSingleton<IHealthCheckPublisher, HealthLog>();

        services.AddSingleton<IConfigureOptions<CosmosOptions>, CosmosOptionsSetup>();
        services.AddSingleton<IValidateOptions<CosmosOptions>, CosmosOptionsSetup>();
        services.AddOptions<CosmosOptions>().ValidateOnStart();
        services.AddSingleton(sp => CosmosClientFactory.Create(
            sp.GetRequiredService<IOptions<CosmosOptions>>().Value, serviceName, [.. sp.GetServices<RequestHandler>()]));
        services.AddSingleton<OrdersDatabase>();
        services.AddViewReaders(sp => sp.GetRequiredService<OrdersDatabase>().ViewDatabase);
        services.AddSingleton<AddressBook>();
        services.AddSingleton<ICustomerKeys, CustomerKeys>();
        services.AddSingleton<PersonalData.PersonalData>();
        services.AddHostedService<OrdersDatabaseStartup>();
        services.AddSingleton(sp => new CosmosEventStore(
            sp.GetRequiredService<OrdersDatabase>().Events, OrderEvents.Map, sp.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary><c>/health</c>: ready for work. <c>/alive</c>: the process answers.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync }).DisableRateLimiting();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        return app;
    }

    /// <summary>Runs the service until it is told to stop. What keeps it from starting is one sentence on standard error and exit code 1.</summary>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, e.Failures));
        }
        catch (InvalidOperationException e) when (e.InnerException is FormatException or ArgumentException)
        {
            // A setting of the wrong kind, such as a word for a number; the binder's message names it.
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (StartupException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Set ASPNETCORE_URLS to another address.");
        }

        return 1;
    }
}
