using ChangeFeed.ServiceDefaults;
using Orders.Cache;
using StackExchange.Redis;

namespace Orders.Sinks;

/// <summary>Starts the cache where it runs in this process, and says at start what is wrong with the address or the credentials of one that does not.</summary>
internal sealed class CacheStartup(SinkSettings settings, IServiceProvider services, TimeProvider time, ILogger<CacheStartup> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private EmbeddedCache? _embedded;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.CachePort > 0)
        {
            try
            {
                _embedded = new EmbeddedCache(settings.CachePort, settings.OrderCache.Directory);
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"The cache of Sinks:Cache:Port {settings.CachePort} in Sinks:Cache:Directory cannot be started: {e.Message}", e);
            }
        }

        var database = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                await database.PingAsync().WaitAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e is RedisException or RedisTimeoutException)
            {
                if (time.GetElapsedTime(started) > Patience)
                    throw new StartupException(
                        $"The cache at ConnectionStrings:{CacheOptions.ConnectionName} does not let this service in within {Patience.TotalSeconds} s: {e.Message}", e);
                logger.LogInformation("The cache does not answer yet: {Problem}", e.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    // After the endpoints that write to it: hosted services are stopped in the opposite order.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _embedded?.Dispose();
        _embedded = null;
    }
}
