using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.Services;

/// <summary>Pauses and resumes services in the name of an agent.</summary>
internal sealed class ServiceActions(ServicesReader reader, ChangeFeedControls controls, AuditTrail audit)
{
    /// <returns>The command in force; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public Task<EndpointControl?> PauseAsync(string service, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        return CommandAsync(service, agent, "pause", why, () => controls.PauseAsync(service, agent, why, cancellationToken), cancellationToken);
    }

    /// <returns>The command in force; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is wrong.</exception>
    public Task<EndpointControl?> ResumeAsync(string service, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Optional(reason);
        return CommandAsync(service, agent, "resume", why, () => controls.ResumeAsync(service, agent, why, cancellationToken), cancellationToken);
    }

    private async Task<EndpointControl?> CommandAsync(
        string service, string agent, string action, string? reason, Func<Task<EndpointControl>> command, CancellationToken cancellationToken)
    {
        var snapshot = await reader.LatestAsync(cancellationToken) ?? await reader.ReadOnceAsync(cancellationToken);
        if (snapshot.Find(service) is null)
            return null;
        return await audit.DoAsync(AuditSubject.Service(service), agent, action, reason, command, cancellationToken);
    }
}
