using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters;

/// <summary>Asks the services to replay or give up what waits, in the name of an agent.</summary>
internal sealed class ParkedOrderActions(DeadLetterDesk desk, AuditTrail audit)
{
    /// <summary>Asks for it; to give something up takes a reason.</summary>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public async Task<DeadLetterRequest> AskAsync(
        DeadLetterAction action, string service, string streamId, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = action == DeadLetterAction.Discard ? Reason.Required(reason) : Reason.Optional(reason);
        DeadLetterRequest? request = null;
        await audit.DoAsync(
            AuditSubject.Stream(streamId), agent, action.ToString().ToLowerInvariant(), why, AskAsync, cancellationToken,
            new Dictionary<string, string> { ["service"] = service });
        return request!;

        async Task<string?> AskAsync()
        {
            request = action == DeadLetterAction.Replay
                ? await desk.ReplayAsync(service, streamId, agent, why, cancellationToken)
                : await desk.DiscardAsync(service, streamId, agent, why!, null, cancellationToken);
            return null;
        }
    }
}
