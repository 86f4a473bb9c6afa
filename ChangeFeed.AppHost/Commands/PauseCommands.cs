using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.AppHost.Commands;

/// <summary>
/// Commands of what reads the change feed: customer care pauses and resumes it, and keeps who did it and why. The dashboard asks for the
/// reason and says what will happen, so there is no other question before that.
/// </summary>
internal static class PauseCommands
{
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string ReasonName = "reason";
    public const string EndpointName = "endpoint";

    private const string All = "all";

    private static InteractionInput Reason => new()
    {
        Name = ReasonName,
        Label = "Reason",
        InputType = InputType.Text,
        Required = true,
        MaxLength = 500,
        Description = "Kept by customer care with who and when.",
    };

    /// <param name="worker">The process.</param>
    /// <param name="endpoints">What it reads the feed as, where that is more than its own name.</param>
    public static IResourceBuilder<ProjectResource> WithPauseCommands(
        this IResourceBuilder<ProjectResource> worker, IReadOnlyList<string>? endpoints = null)
    {
        var names = endpoints ?? [worker.Resource.Name];
        IReadOnlyList<InteractionInput> inputs = names.Count > 1 ? [Endpoint(names), Reason] : [Reason];
        return worker
            .WithCall(Pause, "Pause", new()
            {
                Description = $"All instances of {worker.Resource.Name} finish what they have begun and take nothing new until it is resumed. "
                    + "Orders wait at this point; nothing is lost.",
                IconName = "Pause",
                Arguments = inputs,
            }, context => ChangeAsync(context, names, Pause))
            .WithCall(Resume, "Resume", new()
            {
                Description = $"{worker.Resource.Name} goes on where it was paused.",
                IconName = "PlayCircle",
                Arguments = inputs,
            }, context => ChangeAsync(context, names, Resume));
    }

    private static InteractionInput Endpoint(IReadOnlyList<string> names) => new()
    {
        Name = EndpointName,
        Label = "What reads the feed",
        InputType = InputType.Choice,
        Required = true,
        Value = All,
        Options = [new(All, "All of them"), .. names.Select(name => KeyValuePair.Create(name, name))],
    };

    private static async Task<string> ChangeAsync(CallContext context, IReadOnlyList<string> names, string action)
    {
        var chosen = names.Count == 1 ? All : context.Text(Endpoint(names));
        IReadOnlyList<string> wanted = chosen == All ? names : [chosen!];
        JsonObject control = [];
        foreach (var name in wanted)
            control = await context.Care.SendAsync(
                HttpMethod.Post, $"/care/services/{name}/{action}", new { reason = context.Text(Reason) ?? "" }, context.CancellationToken);
        var state = action == Pause ? "paused" : "resumed";
        return $"{string.Join(", ", wanted)} {(wanted.Count == 1 ? "is" : "are")} {state} by {control["by"]}: {control["reason"]}";
    }
}
