using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Hosting.Usage;

/// <summary>Says now and then what this process has used of the store, for others to add up.</summary>
/// <param name="service">The service.</param>
/// <param name="counter">What was used.</param>
/// <param name="database">Where it is said.</param>
/// <param name="options">How often.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told that it could not be said.</param>
internal sealed class UsageReports(
    string service, RequestUnitCounter counter, OrdersDatabase database, IOptions<UsageOptions> options, TimeProvider time, ILogger<UsageReports> log)
    : BackgroundService
{
    private readonly string _instance = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ReportAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Where the service does not get as far as started, the host takes that for a failure of its own.
        }
    }

    private async Task ReportAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        var (from, before) = (time.GetUtcNow(), counter.Total);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (at, total) = (time.GetUtcNow(), counter.Total);
            try
            {
                var report = new UsageDocument($"usage:{_instance}:{at.ToUnixTimeMilliseconds()}", service, from, at, Math.Round(total - before, 2));
                await database.Controls.UpsertAsync(service, report, UsageJson.Default.UsageDocument, stoppingToken);
                (from, before) = (at, total);
            }
            catch (Exception e) when (e is CosmosException or HttpRequestException or TimeoutException)
            {
                log.LogWarning(e, "What this process uses of the store could not be said; the next report has it too");
            }
        }
    }
}

/// <summary>Reads what the processes have said.</summary>
/// <param name="database">Where they said it.</param>
public sealed class UsageReader(OrdersDatabase database)
{
    /// <summary>All reports that ended after a time.</summary>
    public async Task<IReadOnlyList<UsageDocument>> SinceAsync(DateTimeOffset after, CancellationToken cancellationToken) => await database.Controls.QueryAsync(
        new QueryDefinition("SELECT * FROM c WHERE c.kind = @kind AND c.at > @after")
            .WithParameter("@kind", UsageDocument.KindName)
            .WithParameter("@after", after),
        document => document.Deserialize(UsageJson.Default.UsageDocument)!,
        cancellationToken: cancellationToken);
}
