using System.Diagnostics;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;
using Microsoft.Azure.Cosmos;
using Orders.Hosting.Moving;

namespace Orders.Migrate.Tests;

/// <summary>The command as it is run, killed and run again.</summary>
public sealed class MigrateProcessTests
{
    // A status counts documents: not to be asked for all the time.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Killed_at_any_moment_it_goes_on_and_ends_complete()
    {
        await using var stores = new Stores();
        await stores.InitializeAsync();
        await FillAsync(stores.Accounts.Container(Stores.Old), 2000);
        (await PlanAsync(stores)).ExitCode.ShouldBe(0);
        for (var kill = 0; kill < 4; kill++)
        {
            var run = stores.Migrate.Start("run", "events");
            await Task.Delay(Random.Shared.Next(700, 2500), Stores.Stop); // the moment is random: that is the test
            await CommandProcess.KillAsync(run);
        }

        (await stores.Migrate.RunAsync("run", "events", "--until-current")).ExitCode.ShouldBe(0);
        var (code, text) = await stores.Migrate.RunAsync("verify", "events", "--full");
        code.ShouldBe(0, text);
        text.ShouldContain("2000 documents here, 2000 there");
    }

    [Fact]
    public async Task A_whole_database_moves_with_one_plan()
    {
        await using var stores = new Stores();
        await stores.InitializeAsync();
        await FillAsync(stores.Accounts.Container(Stores.Old), 20);
        Database old = stores.Accounts.Container(Stores.Old).Database;
        Container second = await old.CreateContainerAsync(new ContainerProperties("second", "/streamId"), cancellationToken: Stores.Stop);
        await FillAsync(second, 10);
        (await stores.Migrate.RunAsync("plan", "--from", "cosmos/orders/*", "--to", "target/copy/*")).ExitCode.ShouldBe(0);
        (await stores.Migrate.RunAsync("run", "--until-current")).ExitCode.ShouldBe(0);
        var (code, text) = await stores.Migrate.RunAsync("verify");
        code.ShouldBe(0, text);
        text.ShouldContain("events: 20 documents here, 20 there");
        text.ShouldContain("second: 10 documents here, 10 there");
    }

    [Fact]
    public async Task Bad_input_is_one_sentence()
    {
        await using var stores = new Stores();
        await stores.InitializeAsync();
        (await stores.Migrate.RunAsync("plan", "events", "--from", "cosmos/orders", "--to", "target/orders/events")).Output
            .ShouldBe("'cosmos/orders' is no container: write account/database/container, such as cosmos/orders/events.");
        (await stores.Migrate.RunAsync("plan", "events", "--from", "cosmos/orders/events", "--to", "west/orders/events")).Output
            .ShouldStartWith("There is no account 'west' here; set ConnectionStrings__west.");
        (await stores.Migrate.RunAsync("status", "nothing")).Output.ShouldStartWith("There is no migration 'nothing'");
        (await stores.Migrate.RunAsync("run", "--ru")).Output.ShouldBe("'--ru' is no option, or needs a value; help lists them.");
    }

    /// <summary>The drill of docs/migration.md, at small scale.</summary>
    [Fact]
    public async Task The_event_store_moves_to_another_key_and_account_under_load_with_kills_and_back_and_there_again()
    {
        await using var stores = new Stores();
        await stores.InitializeAsync();
        await FillAsync(stores.Accounts.Container(Stores.Old), 500);
        await PlanAsync(stores);
        await using var writers = new StreamWriters(stores, 4);
        await using var runs = new KilledRuns(stores);
        await writers.WroteAsync(50);
        foreach (var command in (string[])["cutover", "rollback", "cutover"])
        {
            await Eventually.UntilAsync(
                async () =>
                {
                    // A run that is killed just then leaves a range unowned for some seconds: then the switch says so, and one asks again.
                    if (!(await Migration(stores).StatusAsync(Stores.Stop)).IsCurrent)
                    {
                        await Task.Delay(Look, Stores.Stop);
                        return false;
                    }

                    var (code, text) = await stores.Migrate.RunAsync(command, "events");
                    text.ShouldNotContain("   at ");
                    return code == 0;
                },
                $"{command} is done", TimeSpan.FromMinutes(8));
            Say($"{writers.Acknowledged.Count} events so far; longest wait of a writer {writers.LongestWait.TotalMilliseconds:0} ms; {runs.Kills} kills");
            await writers.WroteAsync(50);
        }

        await writers.StopAsync();
        writers.Failures.ShouldBeEmpty();
        (await Migration(stores).StatusAsync(Stores.Stop)).Directory.Serving.ShouldBe(Stores.New);
        await Eventually.UntilAsync(async () => (await stores.Migrate.RunAsync("verify", "events", "--full")).ExitCode == 0, "both sides are the same");
        await BooksBalanceAsync(stores.Accounts.Container(Stores.New), writers);
        await BooksBalanceAsync(stores.Accounts.Container(Stores.Old), writers);
    }

    private static Task<(int ExitCode, string Output)> PlanAsync(Stores stores) => stores.Migrate.RunAsync(
        "plan", "events", "--from", $"{Stores.Old}", "--to", $"{Stores.New}", "--key", "/tenant,/streamId", "--transform", "tenant");

    private static ContainerMigration Migration(Stores stores) => new(
        stores.Documents, Stores.Name, stores.Accounts, new Transformations(new StreamTenants()), TimeProvider.System);

    private static async Task BooksBalanceAsync(Container container, StreamWriters writers)
    {
        var amounts = await container.QueryAsync(
            new QueryDefinition("SELECT c.streamId, c.version, c.amount FROM c WHERE IS_DEFINED(c.amount)"),
            e => (Key: (e.GetProperty("streamId").GetString()!, e.GetProperty("version").GetInt32()), Amount: e.GetProperty("amount").GetInt32()),
            cancellationToken: Stores.Stop);
        amounts.ToDictionary(a => a.Key, a => a.Amount).OrderBy(a => a.Key)
            .ShouldBe(writers.Acknowledged.ToDictionary().OrderBy(a => a.Key));
    }

    private static Task FillAsync(Container events, int count) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stores.Stop },
        async (i, stop) => await events.CreateItemAsync(
            new { id = $"{i % 5}", streamId = $"old-{i / 5}", version = i % 5 }, cancellationToken: stop));

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>Two runs at a time; once both carry something, one is killed at some moment, and another begins.</summary>
    private sealed class KilledRuns : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public KilledRuns(Stores stores) => _run = RunAsync(stores);

        public int Kills { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run;
            _stop.Dispose();
        }

        /// <summary>Whether both have a range: the name of an owner has its process in it, and one that was killed is named for a while.</summary>
        private static async Task<bool> BothCarryAsync(Stores stores, params int[] processes)
        {
            var owners = (await Migration(stores).StatusAsync(Stores.Stop)).Ranges.Select(r => r.Owner).OfType<string>().ToList();
            return processes.All(process => owners.Any(owner => owner.Contains($"-{process}-", StringComparison.Ordinal)));
        }

        private async Task RunAsync(Stores stores)
        {
            var (older, newer) = (stores.Migrate.Start("run", "events"), stores.Migrate.Start("run", "events"));
            try
            {
                while (true)
                {
                    while (!await BothCarryAsync(stores, older.Id, newer.Id))
                        await Task.Delay(Look, _stop.Token);
                    await Task.Delay(Random.Shared.Next(4000), _stop.Token);
                    await CommandProcess.KillAsync(older);
                    (older, newer) = (newer, stores.Migrate.Start("run", "events"));
                    Kills++;
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                await CommandProcess.KillAsync(older);
                await CommandProcess.KillAsync(newer);
            }
        }
    }
}
