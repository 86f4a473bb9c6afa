using System.ComponentModel;
using System.Security.Claims;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Services;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>Pauses and resumes services, in two steps.</summary>
[Authorize(Roles.Operator)]
internal sealed class ServiceActionTools(ServicesReader reader, ChangeFeedControls controls, ServiceActions actions, TwoSteps steps)
{
    [McpServerTool(Name = "pause_service", Title = "Pause a service", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lets a service handle nothing new until it is resumed. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> PauseAsync(
        [Description(ServiceTools.ServiceHelp)] string service, [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunAsync("pause", service, Reason.Required(reason), user, token, actions.PauseAsync, cancellationToken);

    [McpServerTool(Name = "resume_service", Title = "Resume a service", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lets a service go on that was paused. Two calls: the first says what would happen and gives a token.")]
    public Task<ActionAnswer> ResumeAsync(
        [Description(ServiceTools.ServiceHelp)] string service, ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(OrderActionTools.ReasonHelp)] string? reason = null, [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        RunAsync("resume", service, Reason.Optional(reason), user, token, actions.ResumeAsync, cancellationToken);

    private async Task<ActionAnswer> RunAsync(
        string action, string service, string? reason, ClaimsPrincipal user, string? token,
        Func<string, string, string?, CancellationToken, Task<EndpointControl?>> act, CancellationToken cancellationToken)
    {
        var snapshot = await reader.LatestAsync(cancellationToken) ?? await reader.ReadOnceAsync(cancellationToken);
        if (snapshot.Find(service) is not { } standing)
            throw InvalidRequestException.Of("service", $"There is no such service; there are {string.Join(", ", snapshot.Services.Select(s => s.Name))}.");
        var now = await controls.GetAsync(service, cancellationToken);
        var proposal = new Proposal(
            AuditSubject.Service(service), action, reason, now?.ETag ?? "never commanded",
            [
                now is { Paused: true }
                    ? $"{service} is paused by {now.By}: {Withheld.Addresses.From(now.Reason)}"
                    : $"{service} is not paused; it has {standing.Instances.Count} instances and is {standing.Behind} events behind.",
                action == "pause"
                    ? "Every instance would handle nothing new within seconds, keep its leases, and go on where it stopped when it is resumed. Orders would wait."
                    : "Every instance would go on within seconds, with the oldest event that waits.",
            ]);
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen) => await act(service, user.Identity!.Name!, reason, cancellationToken) is { } control
            ? $"{service} is {(control.Paused ? "paused" : "resumed")}; its instances follow within seconds."
            : throw InvalidRequestException.Of("service", "There is no such service any more.");
    }
}
