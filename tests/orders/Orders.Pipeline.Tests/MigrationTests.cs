using System.Diagnostics;
using ChangeFeed.Emulator;

namespace Orders.Pipeline.Tests;

/// <summary>The drill of docs/migration.md: the event store of the running system moves to another key and another store, back, and there again.</summary>
public sealed class MigrationTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task The_event_store_moves_to_another_key_and_account_and_back_and_there_again_while_orders_come_and_processes_are_killed()
    {
        await using var target = await EmulatorHost.StartAsync(
            new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 }, TestContext.Current.CancellationToken);
        await using var pipeline = await RunningPipeline.StartFollowingAsync("events", "target", target.ConnectionString, "--topology=compact");
        var migrate = new CommandProcess(
            "migrate", [.. pipeline.Environment.Select(setting => (setting.Key, setting.Value)), ("ConnectionStrings__cosmos", pipeline.ConnectionString)]);
        (await migrate.RunAsync(
            "plan", "events", "--from", "cosmos/orders/events", "--to", "target/orders/events", "--key", "/tenant,/streamId",
            "--transform", "tenant")).ExitCode.ShouldBe(0);
        await using var run = new KilledRun(migrate);
        await UnderLoad.RunAsync(pipeline, (_, random) => MoveAsync(pipeline, migrate, run, random));

        await Eventually.UntilAsync(
            async () => (await migrate.RunAsync("verify", "events", "--full")).ExitCode == 0, "both sides are the same", Deadline);
        (await migrate.RunAsync("status", "events")).Output.ShouldContain("target/orders/events serves");
    }

    private static async Task MoveAsync(RunningPipeline pipeline, CommandProcess migrate, KilledRun run, Random random)
    {
        foreach (var (command, killed) in ((string, string)[])[("cutover", "workers"), ("rollback", "orders-api"), ("cutover", "workers")])
        {
            await Task.Delay(random.Next(3000), TestContext.Current.CancellationToken); // the moment is random: that is the test
            await run.KillAndStartAsync();
            await Eventually.UntilAsync(
                async () => (await migrate.RunAsync(command, "events", "--validity", "3")).ExitCode == 0, $"{command} is done", Deadline);
            await pipeline.KillAndStartAsync(killed, random); // some are in the middle of what the old side has left
        }
    }

    /// <summary>What carries the events, until it is disposed.</summary>
    private sealed class KilledRun(CommandProcess migrate) : IAsyncDisposable
    {
        private Process _run = migrate.Start("run", "events");

        public async Task KillAndStartAsync()
        {
            await DisposeAsync();
            _run = migrate.Start("run", "events");
        }

        public async ValueTask DisposeAsync() => await CommandProcess.KillAsync(_run);
    }
}
