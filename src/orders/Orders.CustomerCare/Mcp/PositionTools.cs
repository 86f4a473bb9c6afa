using System.ComponentModel;
using ChangeFeed.MassTransit;
using ModelContextProtocol.Server;
using Orders.Web;

namespace Orders.CustomerCare.Mcp;

/// <summary>Tells where a service is in the change feed.</summary>
internal sealed class PositionTools(EndpointPositions positions)
{
    [McpServerTool(Name = "positions", Title = "Where a service is in the events", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells of each partition the last event a service has handled, the next one, and how far behind it is; and the positions that were saved.")]
    public async Task<PositionsOfService> PositionsAsync([Description(ServiceTools.ServiceHelp)] string service, CancellationToken cancellationToken) =>
        await positions.ReadAsync(service, cancellationToken) is { } partitions
            ? new PositionsOfService(
                partitions,
                [
                    .. (await positions.SavedAsync(service, cancellationToken))
                        .Select(s => new ToldPosition(s.Name, s.At, s.By, Withheld.Addresses.From(s.Reason)))
                ],
                await positions.LastMoveAsync(service, cancellationToken) is { } move
                    ? new ToldMove(move.Target, move.At, move.By, Withheld.Addresses.From(move.Reason)!, move.FinishedAt)
                    : null)
            : throw NoService();

    public static InvalidRequestException NoService() => InvalidRequestException.Of("service", "There is no such service; the tool services lists them.");
}

/// <summary>What positions answers.</summary>
internal sealed record PositionsOfService(
    [property: Description("How far it is in each partition.")] IReadOnlyList<PartitionPosition> Partitions,
    [property: Description("The positions that were saved, the latest first.")] IReadOnlyList<ToldPosition> Saved,
    [property: Description("The last rewind or skip; null when there was none.")] ToldMove? Move);

/// <summary>A saved position.</summary>
internal sealed record ToldPosition(string Name, DateTimeOffset At, string By, string? Reason);

/// <summary>A rewind or skip.</summary>
internal sealed record ToldMove(
    [property: Description("Where it went, in words.")] string To, DateTimeOffset At, string By, string Reason,
    [property: Description("Null when it was interrupted; the service's page completes it.")] DateTimeOffset? FinishedAt);
