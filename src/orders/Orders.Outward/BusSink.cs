using ChangeFeed.EventStore;
using ChangeFeed.Sinks;
using MassTransit;

namespace Orders.Outward;

/// <summary>
/// Tells others of orders by a bus. A batch has each order once and the next comes when the broker has confirmed all of it: so what is told of
/// an order comes in its order. What is told again, after a crash or an outage, has the same id.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="address">Where it is told: a topic exchange, whose keys are the types of the CloudEvents.</param>
public sealed class BusSink(ISendEndpointProvider bus, Uri address) : ISink<SinkDocument<OutwardOrder>>
{
    private static readonly Guid Messages = new("6d0d7b0e-9a53-4c6d-8f0e-2b7d5a9c1e44");

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<SinkDocument<OutwardOrder>> batch, CancellationToken cancellationToken)
    {
        try
        {
            var endpoint = await bus.GetSendEndpoint(address);
            await Task.WhenAll(batch.Select(order => order.Document?.Announcement).OfType<Announcement>().Select(SendAsync));

            Task SendAsync(Announcement announcement) => endpoint.Send(
                announcement,
                context =>
                {
                    context.MessageId = DeterministicGuid.Create(Messages, announcement.Id);
                    context.TrySetRoutingKey(announcement.Type);
                },
                cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A broker refuses no single message for what it says: whatever it is, it concerns all of them.
            throw new SinkUnavailableException($"The bus takes nothing: {e.Message}", e);
        }
    }
}
