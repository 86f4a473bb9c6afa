using ChangeFeed.MassTransit;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.Web;

namespace Orders.CustomerCare.Services;

/// <summary>Pauses and resumes services in the name of an agent.</summary>
internal sealed class ServiceActions(ServicesReader reader, ChangeFeedControls controls, AuditTrail audit)
{
    /// <returns>The order in force; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is missing or wrong.</exception>
    public Task<EndpointControl?> PauseAsync(string service, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        return OrderAsync(service, agent, "pause", why, () => controls.PauseAsync(service, agent, why, cancellationToken), cancellationToken);
    }

    /// <returns>The order in force; null when there is no such service.</returns>
    /// <exception cref="InvalidRequestException">The reason is wrong.</exception>
    public Task<EndpointControl?> ResumeAsync(string service, string agent, string? reason, CancellationToken cancellationToken)
    {
        var why = Reason.Optional(reason);
        return OrderAsync(service, agent, "resume", why, () => controls.ResumeAsync(service, agent, why, cancellationToken), cancellationToken);
    }

    private async Task<EndpointControl?> OrderAsync(
        string service, string agent, string action, string? reason, Func<Task<EndpointControl>> order, CancellationToken cancellationToken)
    {
        var snapshot = await reader.LatestAsync(cancellationToken) ?? await reader.ReadOnceAsync(cancellationToken);
        if (snapshot.Find(service) is null)
            return null;
        EndpointControl? control = null;
        await audit.DoAsync(AuditSubject.Service(service), agent, action, reason, Act, cancellationToken);
        return control;

        async Task<string?> Act()
        {
            control = await order();
            return null;
        }
    }
}
