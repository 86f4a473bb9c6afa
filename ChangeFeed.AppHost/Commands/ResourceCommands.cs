using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Options;
using ChangeFeed.AppHost.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace ChangeFeed.AppHost.Commands;

/// <summary>What the commands of all resources have in common: they say what came of them, and fail with one sentence.</summary>
internal static class ResourceCommands
{
    /// <summary>A service call behind a command; answers with what came of it.</summary>
    public delegate Task<string> Call(CallContext context);

    public static IResourceBuilder<ProjectResource> WithCall(
        this IResourceBuilder<ProjectResource> service, string name, string displayName, CommandOptions options, Call call) =>
        service.WithCommand(name, displayName, context => RunAsync(context, call), options);

    private static async Task<ExecuteCommandResult> RunAsync(ExecuteCommandContext context, Call call)
    {
        var model = context.Services.GetRequiredService<DistributedApplicationModel>();
        var settings = context.Services.GetRequiredService<Settings>();
        try
        {
            var outcome = await call(new CallContext(model, settings, context.Arguments, context.CancellationToken));
            // Of a success the dashboard shows no more than that it was one, unless there is something to show.
            return CommandResults.Success(outcome, outcome, CommandResultFormat.Markdown, displayImmediately: true);
        }
        catch (CommandException refused)
        {
            return CommandResults.Failure(refused.Message);
        }
    }
}

/// <summary>What a command is executed with.</summary>
internal sealed record CallContext(
    DistributedApplicationModel Model, Settings Settings, InteractionInputCollection Arguments, CancellationToken CancellationToken)
{
    public ServiceClient Orders => ServiceClient.Of(ServiceNames.Orders, Model, Settings);

    public ServiceClient Care => ServiceClient.Of(ServiceNames.Care, Model, Settings);

    /// <summary>An argument; what was not given is what the input begins with.</summary>
    public string? Text(InteractionInput input) =>
        Arguments.TryGetByName(input.Name, out var given) && !string.IsNullOrWhiteSpace(given.Value) ? given.Value : input.Value;
}

/// <summary>A command cannot do what it was asked to; the message says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
