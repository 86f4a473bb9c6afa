using Azure;
using Azure.Identity;
using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.ServiceDefaults;
using Orders.Archive;

namespace Orders.Sinks;

/// <summary>Says at start what is wrong with the place of the archive, or with what lets one in there.</summary>
internal sealed class ArchiveStartup(SinkSettings settings, TimeProvider time, ILogger<ArchiveStartup> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var location = settings.ArchiveLocation;
        var setting = location.IsLocal ? "Sinks:Archive:Directory" : $"ConnectionStrings:{ArchiveLocation.ConnectionName}";
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                await location.PrepareAsync(cancellationToken);
                foreach (var generation in settings.Archive.Generations)
                    await location.Table(generation, time, "start").OpenOrCreateAsync(ArchiveTable.Schema, cancellationToken);
                return;
            }
            catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or AggregateException
                or TableStorageException or DeltaTableException)
            {
                // Who is not let in now is not let in after some seconds either.
                if (e is RequestFailedException { Status: 401 or 403 } refused)
                    throw new StartupException($"The archive at {setting} does not let this service in: {refused.ErrorCode ?? refused.Status.ToString()}.", e);
                if (e is DeltaTableException or AuthenticationFailedException || time.GetElapsedTime(started) > Patience)
                    throw new StartupException($"The archive at {setting} cannot be used: {e.Message.Split('\n')[0].TrimEnd()}", e);
                logger.LogInformation("The archive cannot be used yet: {Problem}", e.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
