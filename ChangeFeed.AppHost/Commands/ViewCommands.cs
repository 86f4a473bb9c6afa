using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Resources;

#pragma warning disable ASPIREPROCESSCOMMAND001 // Under evaluation: it runs a process, logs its lines and ends it when the command is cancelled.

namespace ChangeFeed.AppHost.Commands;

/// <summary>
/// Commands of the views: their own command line against the same store, as a process. Its lines go to the log of the resource; a
/// rebuild may be cancelled at any time, and the next one goes on where it ended.
/// </summary>
internal static class ViewCommands
{
    public const string Verify = "verify";
    public const string Rebuild = "rebuild-view";
    public const string ViewName = "view";

    /// <summary>The views there are, as the views themselves name them.</summary>
    public static readonly IReadOnlyList<string> Views = ["order-status", "customer-orders", "statistics", "search"];

    private static InteractionInput View => new()
    {
        Name = ViewName,
        Label = "View",
        InputType = InputType.Choice,
        Required = true,
        Value = Views[0],
        Options = [.. Views.Select(name => KeyValuePair.Create(name, name))],
    };

    public static IResourceBuilder<ProjectResource> WithViewCommands(this IResourceBuilder<ProjectResource> views, Store store) => views
        .WithProcessCommand(Verify, "Verify", _ => SpecAsync(store, ["verify"]), new()
        {
            Description = "Folds every stream of events and compares it with every view.",
            IconName = "CheckmarkCircle",
            Progress = new() { Title = "Verify", Message = "Every stream is folded and compared with every view. The log of views has the details." },
            GetCommandResult = context => Task.FromResult(Result(context)),
        })
        .WithProcessCommand(Rebuild, "Rebuild a view", context => SpecAsync(store, ["rebuild", ViewOf(context)]), new()
        {
            Description = "Builds the next version of a view from all events beside the one that serves, compares them and switches readers. "
                + "No request fails meanwhile.",
            IconName = "ArrowSync",
            Arguments = [View],
            Progress = new()
            {
                Title = "Rebuild a view",
                Message = "The next version is built from all events; the log of views has the details. "
                    + "If you cancel, readers stay where they are, and the next rebuild goes on from there.",
            },
            GetCommandResult = context => Task.FromResult(Result(context)),
        });

    private static string ViewOf(ExecuteCommandContext context) =>
        context.Arguments.TryGetByName(ViewName, out var view) && !string.IsNullOrWhiteSpace(view.Value) ? view.Value : Views[0];

    private static async ValueTask<ProcessCommandSpec> SpecAsync(Store store, IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string>(store.Directory)
        {
            ["ConnectionStrings__cosmos"] = await store.Resource.Resource.GetConnectionStringAsync() ?? "",
        };
        if (store.Archive is { } archive)
            environment[archive.Setting] = archive.Value;
        return new ProcessCommandSpec("dotnet")
        {
            Arguments = [BuildOutput.AssemblyOf(new Projects.Orders_Views()), .. arguments],
            EnvironmentVariables = environment,
        };
    }

    private static ExecuteCommandResult Result(ProcessCommandResultContext context)
    {
        var last = context.Output.LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "It said nothing.";
        var message = $"{last} (exit code {context.ExitCode})";
        var lines = context.GetFormattedOutput(50, "output");
        return context.ExitCode == 0
            ? CommandResults.Success(message, lines, CommandResultFormat.Text, displayImmediately: false)
            : CommandResults.Failure(message, lines, CommandResultFormat.Text);
    }
}
