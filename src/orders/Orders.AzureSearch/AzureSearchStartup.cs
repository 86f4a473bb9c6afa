using Azure;
using ChangeFeed.ServiceDefaults;
using ChangeFeed.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orders.AzureSearch;

/// <summary>
/// Makes the indexes where they are missing, and says what is wrong with the address or the credentials; a service that goes away later is lag.
/// </summary>
internal sealed class AzureSearchStartup(AzureSearchOptions options, IReadOnlyList<int> generations) : IHostedService
{
    private const string Setting = $"ConnectionStrings:{AzureSearchOptions.ConnectionName}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var client = options.CreateIndexClient();
        foreach (var generation in generations)
        {
            try
            {
                await client.CreateOrUpdateIndexAsync(
                    AzureSearchSink.Definition(Sink.NameOf(options.Index, generation)), cancellationToken: cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 401 or 403)
            {
                throw new StartupException($"The search service at {Setting} does not let this service make its index: it answers {e.Status}.", e);
            }
            catch (RequestFailedException e)
            {
                throw new StartupException($"The search service at {Setting} does not make the index: {e.Message.Split('\n')[0].Trim()}", e);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Registration of the search service.</summary>
public static class AzureSearchExtensions
{
    /// <summary>Adds what is known of the search service, and makes its indexes at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Which service and index.</param>
    /// <param name="generations">Which of several are written.</param>
    public static IServiceCollection AddAzureSearch(this IServiceCollection services, AzureSearchOptions options, IReadOnlyList<int> generations) =>
        services.AddSingleton(options).AddHostedService(_ => new AzureSearchStartup(options, generations));
}
