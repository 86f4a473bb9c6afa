using ChangeFeed.ServiceDefaults;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Hosting;

/// <summary>
/// Creates the containers before anything of the service starts, looks whether the store is as needed, and waits for one that is not there yet.
/// </summary>
internal sealed class OrdersDatabaseStartup(
    IEnumerable<IPreparedDatabase> databases, IOptions<CosmosOptions> options, IHostEnvironment environment, TimeProvider time,
    ILogger<OrdersDatabaseStartup> logger) : IHostedService
{
    private readonly bool _checks = options.Value.SelfCheck ?? !environment.IsDevelopment();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var database in databases)
            await PrepareAsync(database, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrepareAsync(IPreparedDatabase database, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = TimeSpan.FromSeconds(Math.Min(5, wait.TotalSeconds * 2)))
        {
            try
            {
                await database.CreateAsync(cancellationToken);
                if (_checks && await database.FindProblemAsync(cancellationToken) is { } problem)
                    throw new StartupException($"Database '{database.Name}' of {database.Setting}: {problem}");
                return;
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(started) > options.Value.StartTimeout)
                    throw new StartupException($"The store at {database.Setting} did not answer within {options.Value.StartTimeout}: {e.Message}", e);
                logger.LogWarning("The store does not answer yet, trying again in {Wait}: {Problem}", wait, e.Message);
                await Task.Delay(wait, time, cancellationToken);
            }
            catch (CosmosException e)
            {
                throw new StartupException(
                    $"The store refused to prepare database '{database.Name}' ({(int)e.StatusCode} {e.StatusCode}): {e.Message}", e);
            }
        }
    }

    private static bool IsTransient(Exception e) => e is HttpRequestException or OperationCanceledException or CosmosException
    {
        StatusCode: System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.RequestTimeout
            or System.Net.HttpStatusCode.TooManyRequests or System.Net.HttpStatusCode.Gone or System.Net.HttpStatusCode.InternalServerError,
    };
}
