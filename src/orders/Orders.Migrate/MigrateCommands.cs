using System.Globalization;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Fencing;
using Microsoft.Azure.Cosmos;

namespace Orders.Migrate;

/// <summary>Moves containers, on the command line.</summary>
internal static class MigrateCommands
{
    private const string Help = """
        dotnet run --project src/orders/Orders.Migrate -- COMMAND [NAME] [options]
          plan NAME --from ACCOUNT/DATABASE/CONTAINER --to ACCOUNT/DATABASE/CONTAINER    begins a migration; carries nothing yet
               with /* for the container: every container of the database, a migration each, by its name
          run [NAME]         carries documents until the migration is over; start it twice and both divide the work
          status [NAME]      how far it is; --watch goes on showing it
          verify [NAME]      compares both sides, as far as they changed since the last time; exit code 2 when something differs
          cutover NAME       lets the new container serve
          rollback NAME      lets the old container serve again, with what was written to the new one
          pause NAME, resume NAME, cancel NAME
          release NAME       ends it: the side that does not serve is no longer kept current
        options
          --key PATHS        plan: the new partition key, such as /tenant,/streamId
          --transform NAME   plan: what becomes of each document: none, tenant
          --ru N             plan: request units per second of all runs together; verify: of this one
          --throughput N     plan: request units per second of the new container
          --until-current    run: end when everything is copied
          --full             verify: everything
          --validity S       cutover, rollback: how long grants are good, as the members have it; 10
          --directory A/D    where migrations are kept, in container migrations; cosmos/orders
        An account is what ConnectionStrings__ACCOUNT names; 'cosmos' is the embedded store on its usual port when that is not set.
        Without NAME, or with 'all', it is every migration there is.
        """;

    /// <returns>The exit code: 0 when it is done, 1 when not, 2 when something differs.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var options = CommandOptions.Parse(args);
            if (options.Command is "help" or "--help" or "-h" or "")
            {
                await output.WriteLineAsync(Help);
                return 0;
            }

            using var accounts = Accounts.Connect();
            var migrations = new Migrations(accounts, options);
            return options.Command switch
            {
                "plan" => await PlanAsync(migrations, options, output, cancellationToken),
                "run" => await RunAsync(migrations, options, cancellationToken),
                "status" => await new StatusCommand(output).RunAsync(migrations, options.Watch, cancellationToken),
                "verify" => await VerifyAsync(migrations, options, output, cancellationToken),
                "cutover" => await SwitchAsync(migrations.Named(), forward: true, output, cancellationToken),
                "rollback" => await SwitchAsync(migrations.Named(), forward: false, output, cancellationToken),
                "pause" => await DoneAsync(migrations.Named().PauseAsync(cancellationToken)),
                "resume" => await DoneAsync(migrations.Named().ResumeAsync(cancellationToken)),
                "cancel" => await DoneAsync(migrations.Named().CancelAsync(cancellationToken)),
                "release" => await DoneAsync(migrations.Named().ReleaseAsync(cancellationToken)),
                _ => throw new MigrationException($"'{options.Command}' is not understood.{Environment.NewLine}{Help}"),
            };
        }
        catch (MigrationException e)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            await error.WriteLineAsync($"A store does not answer as it should: {e.Message.Split('\n')[0]}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }

        return 1;
    }

    private static async Task<int> PlanAsync(Migrations migrations, CommandOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var (name, request) in await migrations.RequestsAsync(cancellationToken))
        {
            var plan = await migrations.Of(name).PlanAsync(request, cancellationToken);
            var deletes = plan.Versions ? "deletes are in its feed" : "its feed shows no deletes: only what the transformation takes for one is carried";
            await output.WriteLineAsync($"{name}: {plan.Old} to {plan.New}, {plan.Ranges.Count} ranges; {deletes}. 'run {name}' carries it.");
        }

        return 0;
    }

    private static async Task<int> RunAsync(Migrations migrations, CommandOptions options, CancellationToken cancellationToken)
    {
        var names = await migrations.NamesAsync(cancellationToken);
        await Task.WhenAll(names.Select(name => migrations.Of(name).RunAsync(options.UntilCurrent, cancellationToken)));
        return 0;
    }

    private static async Task<int> VerifyAsync(Migrations migrations, CommandOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var clean = true;
        foreach (var name in await migrations.NamesAsync(cancellationToken))
        {
            var report = await migrations.Of(name).VerifyAsync(options.Full, options.RequestUnits, cancellationToken);
            foreach (var difference in report.Differences)
                await output.WriteLineAsync($"{name} {difference}");
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {report.Source} documents here, {report.Target} there; {report.Compared} compared, {report.Different} differ; {report.RequestUnits:0} RU."));
            clean &= report.IsClean;
        }

        return clean ? 0 : 2;
    }

    private static async Task<int> SwitchAsync(ContainerMigration migration, bool forward, TextWriter output, CancellationToken cancellationToken)
    {
        var result = forward
            ? await migration.CutoverAsync(output.WriteLine, cancellationToken)
            : await migration.RollbackAsync(output.WriteLine, cancellationToken);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Serving} serves, epoch {result.Epoch}. Nobody could read or write for {result.Downtime.TotalMilliseconds:0} ms: "
            + $"{result.Waiting.TotalMilliseconds:0} waiting for {result.Members} members, {result.Draining.TotalMilliseconds:0} carrying the rest; "
            + $"{result.Silent} members said nothing and were waited out."));
        return 0;
    }

    private static async Task<int> DoneAsync(Task task)
    {
        await task;
        return 0;
    }
}
