using System.Globalization;
using System.Text.Json;
using ChangeFeed.EventStore;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Events;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters.Corrections;

/// <summary>
/// Appends an event that puts an order right, in the name of an agent: every service handles it as any event of its type. What is parked waits
/// on; it is replayed or discarded then.
/// </summary>
internal sealed class CorrectionEvents(CosmosEventStore store, StoredEvents events, AuditTrail audit)
{
    /// <summary>What is answered where there is no such order.</summary>
    public const string NoOrder = "There is no such order.";

    private const string GoneOn = "The order has gone on since: look at it again, and decide anew.";

    /// <summary>Appends the event directly after a version, where that is the last one still.</summary>
    /// <returns>Null when it is appended, otherwise why not.</returns>
    /// <exception cref="InvalidRequestException">The type, the data or the reason is wrong.</exception>
    public async Task<string?> AppendAsync(
        string orderId, string type, JsonElement data, long after, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        var e = EventData.Read(type, data);
        // The events as they are stored: one that nobody can read may be what is to be put right.
        var stream = await events.ReadAsync(orderId, cancellationToken);
        if (stream.Count == 0)
            return NoOrder;
        return await audit.DoAsync(
            AuditSubject.Order(orderId), agent, "append-event", why, AppendAsync, cancellationToken,
            new Dictionary<string, string> { ["type"] = type, ["after"] = after.ToString(CultureInfo.InvariantCulture) }, refusal => refusal);

        async Task<string?> AppendAsync()
        {
            if (stream[^1].Version != after)
                return GoneOn;
            try
            {
                await store.AppendAsync(orderId, after, [e], new AppendContext(agent), cancellationToken);
                return null;
            }
            catch (WrongExpectedVersionException)
            {
                return GoneOn;
            }
        }
    }
}
