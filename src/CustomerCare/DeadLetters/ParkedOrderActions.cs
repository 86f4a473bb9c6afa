using OrderPipeline.ChangeFeed;
using OrderPipeline.CustomerCare.Auditing;

namespace OrderPipeline.CustomerCare.DeadLetters;

/// <summary>Asks the services to replay or give up what waits, in the name of an agent.</summary>
internal sealed class ParkedOrderActions(DeadLetterDesk desk, AuditTrail audit)
{
    public async Task<DeadLetterRequest> AskAsync(
        DeadLetterAction action, string service, string streamId, string agent, string? reason, CancellationToken cancellationToken)
    {
        DeadLetterRequest? request = null;
        await audit.DoAsync(
            AuditSubject.Stream(streamId), agent, action.ToString().ToLowerInvariant(), reason, AskAsync, cancellationToken, new Dictionary<string, string> { ["service"] = service });
        return request!;

        async Task<string?> AskAsync()
        {
            request = action == DeadLetterAction.Replay
                ? await desk.ReplayAsync(service, streamId, agent, reason, cancellationToken)
                : await desk.DiscardAsync(service, streamId, agent, reason!, null, cancellationToken);
            return null;
        }
    }
}
