using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>The commands of the resource. They say what came of them, and fail with the emulator's own sentence.</summary>
internal static class EmulatorCommands
{
    public static IResourceBuilder<CosmosEmulatorResource> WithEmulatorCommands(this IResourceBuilder<CosmosEmulatorResource> builder) =>
        builder
        .With("split-partition", "Split a partition", SplitAsync, new()
        {
            Description = "Splits the fullest physical partition of a container in two, as the service does when one grows too large.",
            ConfirmationMessage = "Split a physical partition? There is no way back: partitions do not merge.",
            IconName = "BranchFork",
            Arguments = [EmulatorInputs.Container(builder.Resource)],
        })
        .With("limit-throughput", "Limit throughput", LimitAsync, new()
        {
            Description = "Answers 429 once a container has used this many request units in a second, until the next start.",
            IconName = "TopSpeed",
            Arguments = [EmulatorInputs.RequestUnits],
        })
        .With("inject-faults", "Inject faults", InjectAsync, new()
        {
            Description = "Refuses or delays a share of all requests, until it is healed or starts again.",
            IconName = "PlugDisconnected",
            Arguments = [EmulatorInputs.Percent, EmulatorInputs.Status, EmulatorInputs.Delay],
        })
        .With("heal", "Heal", HealAsync, new()
        {
            Description = "Removes all injected faults and any limit on throughput.",
            IconName = "HeartPulse",
        })
        .With("reset-data", "Reset data", ResetAsync, new()
        {
            Description = "Deletes all databases with everything in them.",
            ConfirmationMessage = "Delete all databases with everything in them? "
                + "What makes its databases when it starts has to be started again afterwards.",
            IconName = "Delete",
        });

    private static async Task<string> SplitAsync(
        EmulatorClient emulator, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        var path = EmulatorInputs.Text(inputs, EmulatorInputs.ContainerName);
        var container = ContainerStatistics.Choose(await emulator.ContainersAsync(cancellationToken), path)
            ?? throw new CommandException(path is null ? "There is no container yet." : $"There is no container {path}.");
        var partition = container.Fullest.Id;
        var children = await emulator.SplitAsync(container, partition, cancellationToken);
        return $"Partition {partition} of {container.Path} was split into {string.Join(" and ", children)}; "
            + $"it has {container.Partitions.Count + 1} partitions now.";
    }

    private static async Task<string> LimitAsync(
        EmulatorClient emulator, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        var units = EmulatorInputs.Whole(inputs, EmulatorInputs.RequestUnits, 1, 10_000_000);
        await emulator.LimitAsync(units, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"Each container may use {units:N0} request units a second now.");
    }

    private static async Task<string> InjectAsync(
        EmulatorClient emulator, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        var status = EmulatorInputs.Text(inputs, EmulatorInputs.Status.Name);
        var fault = new Fault(
            status is null or EmulatorInputs.NoStatus ? null : int.Parse(status, CultureInfo.InvariantCulture),
            EmulatorInputs.Number(inputs, EmulatorInputs.Percent, 0, 100) / 100,
            EmulatorInputs.Whole(inputs, EmulatorInputs.Delay, 0, 60_000));
        if (fault is { Status: null, DelayMs: 0 })
            throw new CommandException("Choose a status, a delay, or both.");
        await emulator.AddFaultAsync(fault, cancellationToken);
        return $"From now on {fault}.";
    }

    private static async Task<string> HealAsync(
        EmulatorClient emulator, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        var faults = await emulator.RemoveFaultsAsync(cancellationToken);
        await emulator.LimitAsync(null, cancellationToken);
        return $"{(faults == 1 ? "One fault was" : $"{faults} faults were")} removed; throughput is without limit.";
    }

    private static async Task<string> ResetAsync(
        EmulatorClient emulator, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        var databases = await emulator.DeleteDatabasesAsync(cancellationToken);
        return databases.Count == 0 ? "There was no database." : $"Deleted: {string.Join(", ", databases)}.";
    }

    private static IResourceBuilder<CosmosEmulatorResource> With(
        this IResourceBuilder<CosmosEmulatorResource> builder, string name, string displayName,
        Func<EmulatorClient, InteractionInputCollection, CancellationToken, Task<string>> execute, CommandOptions options)
    {
        options.UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;
        return builder.WithCommand(name, displayName, RunAsync, options);

        async Task<ExecuteCommandResult> RunAsync(ExecuteCommandContext context)
        {
            try
            {
                using var emulator = await ConnectAsync(builder.Resource, context.CancellationToken);
                return CommandResults.Success(await execute(emulator, context.Arguments, context.CancellationToken));
            }
            catch (Exception exception) when (exception is HttpRequestException or CommandException
                || (exception is TaskCanceledException && !context.CancellationToken.IsCancellationRequested))
            {
                return CommandResults.Failure(exception);
            }
        }
    }

    internal static async Task<EmulatorClient> ConnectAsync(CosmosEmulatorResource emulator, CancellationToken cancellationToken)
    {
        var endpoint = await emulator.AccountEndpoint.GetValueAsync(cancellationToken);
        var key = emulator.KeyParameter is { } parameter
            ? await parameter.GetValueAsync(cancellationToken)
            : CosmosEmulatorResource.WellKnownKey;
        return new(new(endpoint!), key!);
    }
}

/// <summary>A command cannot do what it was asked to; the message says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
