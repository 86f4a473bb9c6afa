using System.ComponentModel;
using System.Security.Claims;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Actions;
using Orders.CustomerCare.Auditing;
using Orders.CustomerCare.Positions;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Mcp;

/// <summary>Saves and moves the positions of services, in two steps. The first call of a move is its dry run.</summary>
[Authorize(Roles.Operator)]
internal sealed class PositionActionTools(PositionActions actions, EndpointPositions positions, TwoSteps steps)
{
    private const string PartitionHelp = "Only this partition, as the tool positions names it; all when left out.";

    private static readonly TextRule Beginning = new(9, text => text == "beginning" ? null : "Must be 'beginning', or be left out.");

    [McpServerTool(Name = "save_position", Title = "Save where a service is", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description("Keeps where a service is under a name, to rewind to. Two calls: the first says what would happen and gives a token.")]
    public async Task<ActionAnswer> SaveAsync(
        [Description(ServiceTools.ServiceHelp)] string service,
        [Description("What to call it: letters, digits, dots, hyphens and underscores. What had the name before is forgotten.")] string name,
        ClaimsPrincipal user, CancellationToken cancellationToken,
        [Description(OrderActionTools.ReasonHelp)] string? reason = null, [Description(OrderActionTools.TokenHelp)] string? token = null)
    {
        var why = Reason.Optional(reason);
        var called = QueryValue.Text("name", name, PositionRules.Text) ?? throw InvalidRequestException.Of("name", "Is needed.");
        if (!await positions.ExistsAsync(service, cancellationToken))
            throw PositionTools.NoService();
        var before = (await positions.SavedAsync(service, cancellationToken)).FirstOrDefault(saved => saved.Name == called);
        var proposal = new Proposal(
            AuditSubject.Service(service), $"save-position {called}", why, before is null ? "not saved" : $"saved {before.At:O}",
            [
                $"Where {service} is by then would be kept as '{called}'.",
                before is null ? "Nothing has that name yet." : $"What {before.By} saved under that name at {before.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC would be forgotten.",
            ]);
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen) => await actions.SaveAsync(service, called, user.Identity!.Name!, why, cancellationToken) is null
            ? throw PositionTools.NoService()
            : $"Where {service} is was saved as '{called}'.";
    }

    [McpServerTool(Name = "rewind_service", Title = "Rewind a service", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lets a service handle events again, from a saved position, a time, an event or the beginning. "
        + "Two calls: the first is a dry run, which says what would be handled again and what that may do outside, and gives a token.")]
    public Task<ActionAnswer> RewindAsync(
        [Description(ServiceTools.ServiceHelp)] string service, [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken,
        [Description("To the position saved under this name.")] string? name = null,
        [Description("To the first event written in this second or later, ISO 8601.")] string? time = null,
        [Description("To this event, which is handled again: order and version with a slash between.")] string? @event = null,
        [Description("To the first event of all: the text 'beginning', nothing else.")] string? to = null,
        [Description(PartitionHelp)] string? partition = null, [Description(OrderActionTools.TokenHelp)] string? token = null)
    {
        var target = PositionRules.Target(
            QueryValue.Text("name", name, PositionRules.Text), QueryValue.Time("time", time), QueryValue.Text("event", @event, PositionRules.Event),
            QueryValue.Text("to", to, Beginning) is not null, QueryValue.Text("partition", partition, PositionRules.Text));
        return MoveAsync("rewind", service, target, reason, user, token, cancellationToken);
    }

    [McpServerTool(Name = "skip_to_now", Title = "Let a service pass over what waits", Destructive = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lets a service go on with what comes from now on. "
        + "Two calls: the first is a dry run, which says what would never be handled, and gives a token.")]
    public Task<ActionAnswer> SkipAsync(
        [Description(ServiceTools.ServiceHelp)] string service, [Description(OrderActionTools.ReasonHelp)] string reason, ClaimsPrincipal user,
        CancellationToken cancellationToken, [Description(PartitionHelp)] string? partition = null,
        [Description(OrderActionTools.TokenHelp)] string? token = null) =>
        MoveAsync(
            "skip", service, PositionTarget.Now with { Partition = QueryValue.Text("partition", partition, PositionRules.Text) }, reason, user, token,
            cancellationToken);

    private async Task<ActionAnswer> MoveAsync(
        string action, string service, PositionTarget target, string reason, ClaimsPrincipal user, string? token, CancellationToken cancellationToken)
    {
        var why = Reason.Required(reason);
        var preview = await actions.PreviewAsync(service, target, cancellationToken) ?? throw PositionTools.NoService();
        // What is seen is the preview's own token: moving the service compares it with what a dry run would say by then.
        var proposal = new Proposal(AuditSubject.Service(service), $"{action} to {target}", why, preview.Token, WouldHappen(preview)) { LooksForItself = true };
        return await steps.RunAsync(proposal, user, token, ActAsync, cancellationToken);

        async Task<string> ActAsync(string seen) =>
            await actions.MoveAsync(service, target, seen, user.Identity!.Name!, why, cancellationToken) is { } move
                ? $"{service} goes on at {move.Target}; its instances follow within seconds."
                : throw PositionTools.NoService();
    }

    private static IReadOnlyList<string> WouldHappen(PositionPreview preview) =>
    [
        $"{preview.Service} would go on at {preview.Target}.",
        .. Counted(preview.Again, "would be handled again"),
        .. Counted(preview.Skipped, "would never be handled"),
        preview.Effects,
    ];

    private static IEnumerable<string> Counted(FeedTally tally, string what)
    {
        if (tally.Events == 0)
            yield break;
        var types = string.Join(", ", tally.ByType.OrderByDescending(type => type.Value).Select(type => $"{type.Value} {type.Key}"));
        yield return $"{(tally.IsComplete ? "" : "At least ")}{tally.Events} events of {tally.Streams} orders {what}: {types}. "
            + FormattableString.Invariant($"Reading them costs {tally.RequestUnits:0} request units.");
    }
}
