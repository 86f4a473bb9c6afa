using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.DeadLetters;

/// <summary>Asks the services to replay or give up what waits, in the name of an agent.</summary>
internal sealed class ParkedOrderActions(DeadLetterClient deadLetters, AuditTrail audit)
{
    /// <summary>Asks for it; to give something up takes a reason.</summary>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public async Task<DeadLetterRequest> AskAsync(
        DeadLetterAction action, string service, string streamId, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = action == DeadLetterAction.Discard ? Reason.Required(reason) : Reason.Optional(reason);
        return await audit.DoAsync(
            AuditSubject.Stream(streamId), agent, action.ToString().ToLowerInvariant(), why, RequestAsync, cancellationToken,
            new Dictionary<string, string> { ["service"] = service });

        Task<DeadLetterRequest> RequestAsync() => action == DeadLetterAction.Replay
            ? deadLetters.ReplayAsync(service, streamId, agent, why, cancellationToken)
            : deadLetters.DiscardAsync(service, streamId, agent, why!, null, cancellationToken);
    }
}
