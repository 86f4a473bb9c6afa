using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Api.ReadingAnOrder;

namespace Orders.Api;

/// <summary>
/// Reads once in each way the endpoints read, before the service listens: connections, routing tables and query plans are there
/// when the first customer comes, who would otherwise wait seconds for them.
/// </summary>
internal sealed class WarmUp(OrderStatusReader view, CosmosEventStore store, ILogger<WarmUp> logger) : IHostedService
{
    private static readonly string Nobody = Guid.Empty.ToString();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await view.ReadAsync(Nobody, cancellationToken);
            await store.ReadEventAsync(Nobody, 0, cancellationToken);
            await store.ReadStreamAsync(Nobody, cancellationToken);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            logger.LogWarning("Could not read ahead; the first requests will be slow: {Problem}", e.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
