using OrderPipeline.ChangeFeed;
using OrderPipeline.CustomerCare.Auditing;

namespace OrderPipeline.CustomerCare.Services;

/// <summary>Pauses and resumes services in the name of an agent.</summary>
internal sealed class ServiceActions(ChangeFeedControls controls, AuditTrail audit)
{
    public Task<EndpointControl> PauseAsync(string service, string agent, string reason, CancellationToken cancellationToken) =>
        OrderAsync(service, agent, "pause", reason, () => controls.PauseAsync(service, agent, reason, cancellationToken), cancellationToken);

    public Task<EndpointControl> ResumeAsync(string service, string agent, string? reason, CancellationToken cancellationToken) =>
        OrderAsync(service, agent, "resume", reason, () => controls.ResumeAsync(service, agent, reason, cancellationToken), cancellationToken);

    private async Task<EndpointControl> OrderAsync(
        string service, string agent, string action, string? reason, Func<Task<EndpointControl>> order, CancellationToken cancellationToken)
    {
        EndpointControl? control = null;
        await audit.DoAsync(AuditSubject.Service(service), agent, action, reason, Act, cancellationToken);
        return control!;

        async Task<string?> Act()
        {
            control = await order();
            return null;
        }
    }
}
