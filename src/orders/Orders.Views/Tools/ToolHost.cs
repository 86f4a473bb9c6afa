using ChangeFeed.Projections;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orders.Archive;
using Orders.Hosting;
using Orders.ReadModels;
using Orders.Views.Denormalisation;

namespace Orders.Views.Tools;

/// <summary>The services of this program, without anything running.</summary>
internal static class ToolHost
{
    /// <summary>What it is called by the store.</summary>
    public const string Name = "views-tools";

    public static async Task<T> RunAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        var builder = WebApplication.CreateBuilder();
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("cosmos")))
            builder.Configuration["ConnectionStrings:cosmos"] = CosmosSettings.EmbeddedStore;
        if (builder.Configuration["Sinks:Archive:Directory"] is null && Directory.Exists(ArchiveLocation.UsualDirectory))
            builder.Configuration["Sinks:Archive:Directory"] = ArchiveLocation.UsualDirectory;
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddOrderService(Name);
        builder.Services.AddReadModels();
        builder.Services.AddEventSource().AddNameEnrichment();
        await using var app = builder.Build();
        try
        {
            _ = app.Services.GetRequiredService<IOptions<CosmosOptions>>().Value;
            foreach (var database in app.Services.GetServices<IPreparedDatabase>())
                await database.CreateAsync(CancellationToken.None);
        }
        catch (OptionsValidationException e)
        {
            throw new ViewCommandException(string.Join(Environment.NewLine, e.Failures));
        }

        return await work(app.Services);
    }
}
