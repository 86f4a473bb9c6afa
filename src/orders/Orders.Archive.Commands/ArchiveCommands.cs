using System.Globalization;
using Azure;
using Azure.Identity;
using ChangeFeed.DeltaLake;
using ChangeFeed.DeltaLake.Maintenance;
using ChangeFeed.DeltaLake.Storage;
using ChangeFeed.EventStore.Cold;
using ChangeFeed.MassTransit;
using DuckDB.NET.Data;
using Microsoft.Azure.Cosmos;
using Orders.Archive.Cooling;
using Orders.Contracts;

namespace Orders.Archive.Commands;

/// <summary>What one can ask of the archive, and do with it.</summary>
internal static class ArchiveCommands
{
    private const string Help = """
        dotnet run --project src/orders/Orders.Archive.Commands -- COMMAND [options]
          query SQL          answers with DuckDB over the table, whose name is events
          history            the commits, the newest first
          compact            puts the files of each day together, and brings old rows to the schema of this build
          vacuum             deletes files that no version of the last days has
          verify             compares the table with the event store; exit code 2 when something is different
          cool               takes orders that ended long ago out of the event store, once all of them is here; exit code 2 when something is different
          restore ORDER      brings one back
        options
          --directory DIR    where the archive is: .data/sinks/archive, or what Sinks__Archive__Directory says
          --generation N     which of several, while one is rebuilt; 1
          --version N        query: the table as it was at a version
          --at TIME          query: the table as it was at a time, such as 2026-11-27T12:00Z
          --last N           history: so many commits; 20
          --keep DAYS        vacuum: how long what was rewritten stays; 7, at least 1
          --hot TIME         cool: how long an order stays after its last event; 30d
          --grace TIME       cool: how long its documents stay after they are marked; 1d
          --except NAMES     cool: endpoints, with commas between them, that nobody needs any more
          --dry-run          cool: says what would be done
        ConnectionStrings__archive names a storage account instead of a directory. verify, cool and restore need ConnectionStrings__cosmos; it is the
        embedded store on its usual port when that is not set.
        """;

    /// <returns>The exit code: 0 when it is done, 1 when not, 2 when the archive is wrong.</returns>
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

            var location = options.Location;
            if (location.Validate().FirstOrDefault() is { } problem)
                throw new ArchiveCommandException(problem);
            var table = location.Table(options.Generation, TimeProvider.System, "command");
            return await RunAsync(options, location, table, output, cancellationToken);
        }
        catch (Exception e) when (e is ArchiveCommandException or DeltaTableException or TableStorageException or DuckDBException
            or CoolingException or ColdStreamException)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (e is CosmosException or HttpRequestException)
        {
            await error.WriteLineAsync($"The event store at ConnectionStrings:cosmos does not answer as it should: {e.Message.Split('\n')[0]}");
        }
        catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException)
        {
            await error.WriteLineAsync($"The archive at ConnectionStrings:{ArchiveLocation.ConnectionName} cannot be used: {e.Message.Split('\n')[0]}");
        }

        return 1;
    }

    private static async Task<int> RunAsync(
        CommandOptions options, ArchiveLocation location, DeltaTable table, TextWriter output, CancellationToken cancellationToken)
    {
        switch (options.Command)
        {
            case "query" when options.Sql is { } sql:
                var query = new ArchiveQuery(location.Storage(options.Generation));
                await query.RunAsync(await SnapshotAsync(options, table, cancellationToken), sql, output, cancellationToken);
                return 0;
            case "history":
                await HistoryAsync(table, options.Last, output, cancellationToken);
                return 0;
            case "compact":
                await SnapshotAsync(options, table, cancellationToken); // a wrong directory gets no new table
                var compacted = await ArchiveCompaction.RunAsync(table, OrderEvents.Map, cancellationToken);
                await output.WriteLineAsync(
                    Text($"{compacted.RemovedFiles} files became {compacted.AddedFiles}, with {compacted.Rows} rows; ")
                    + Text($"{compacted.RenewedRows} were brought to the schema of this build."));
                return 0;
            case "vacuum":
                var deleted = await new DeltaVacuum(table).RunAsync(options.Keep, cancellationToken);
                await output.WriteLineAsync(Text($"{deleted.Count} files with {deleted.Sum(file => file.Size)} bytes are deleted."));
                return 0;
            case "verify":
                return await VerifyAsync(await SnapshotAsync(options, table, cancellationToken), table, output, cancellationToken);
            case "cool":
                return await CoolAsync(options.Cooling, table, output, cancellationToken);
            case "restore" when options.Order is { } order:
                return await RestoreAsync(order, table, output, cancellationToken);
            default:
                throw new ArchiveCommandException($"'{options.Command}' is not understood, or lacks something.{Environment.NewLine}{Help}");
        }
    }

    private static async Task<DeltaSnapshot> SnapshotAsync(CommandOptions options, DeltaTable table, CancellationToken cancellationToken) => options switch
    {
        { Version: { } version } => await table.AtVersionAsync(version, cancellationToken),
        { At: { } time } => await table.AtTimeAsync(time, cancellationToken),
        _ => await table.FindAsync(cancellationToken) ?? throw new ArchiveCommandException($"There is no archive at {table.Location}: has the sink run?"),
    };

    private static async Task HistoryAsync(DeltaTable table, int last, TextWriter output, CancellationToken cancellationToken)
    {
        await foreach (var commit in table.HistoryAsync(cancellationToken))
        {
            if (last-- == 0)
                return;
            var ranges = string.Join(", ", commit.Transactions.Select(range => Text($"{range.Key} at {range.Value}")));
            var files = Text($"+{commit.AddedFiles} -{commit.RemovedFiles} files, {commit.AddedRows} rows");
            await output.WriteLineAsync(
                Text($"{commit.Version,8}  {commit.At?.UtcDateTime:u}  {commit.Operation,-12}  {files}  {ranges}").TrimEnd());
        }
    }

    private static async Task<int> VerifyAsync(DeltaSnapshot snapshot, DeltaTable table, TextWriter output, CancellationToken cancellationToken)
    {
        await using var store = await StoreAccess.OpenAsync(cancellationToken);
        var reader = new ChangeFeedReader(store.Database.Events, OrderEvents.Map, store.Reading(table));
        var result = await new ArchiveVerification(table, reader, OrderEvents.Map).RunAsync(snapshot, cancellationToken);
        foreach (var difference in result.Differences)
            await output.WriteLineAsync(difference);
        await output.WriteLineAsync(Text($"{result.Archived} events in version {snapshot.Version} of the archive, {result.Stored} in the store: ")
            + (result.Differences.Count > 0
                ? "they differ."
                : result.Missing == 0 ? "the same." : Text($"{result.Missing} have not come yet, or their streams are parked.")));
        return result.Differences.Count == 0 && result.Missing == 0 ? 0 : 2;
    }

    private static async Task<int> CoolAsync(CoolingOptions options, DeltaTable table, TextWriter output, CancellationToken cancellationToken)
    {
        await using var store = await StoreAccess.OpenAsync(cancellationToken);
        await store.EnsureNotMovingAsync(cancellationToken);
        var handled = new HandledEvents(store.Database.EventFeed, store.Database.Leases, store.Database.Controls, TimeProvider.System);
        var cooling = new StreamCooling(store.Database.Events, store.Database.DeadLetters, handled, table, OrderEvents.Map, TimeProvider.System);
        var result = await cooling.RunAsync(options, cancellationToken);
        foreach (var difference in result.Differences)
            await output.WriteLineAsync(difference);
        await output.WriteLineAsync(
            Text($"{result.Streams} orders with {result.Events} events {(options.IsDryRun ? "would leave" : "leave")} the store; ")
            + Text($"{result.Stay} stay, {result.Changed} changed meanwhile, {result.Finished} of an earlier run were finished, ")
            + Text($"{result.Differences.Count} are not in the archive as they are in the store."));
        return result.Differences.Count == 0 ? 0 : 2;
    }

    private static async Task<int> RestoreAsync(string order, DeltaTable table, TextWriter output, CancellationToken cancellationToken)
    {
        await using var store = await StoreAccess.OpenAsync(cancellationToken);
        var restore = new StreamRestore(store.Database.Events, new ArchivedStreams(table, OrderEvents.Map), OrderEvents.Map);
        var events = await restore.RunAsync(order, cancellationToken);
        await output.WriteLineAsync(events > 0 ? Text($"{events} events of order {order} are back in the store.") : $"Order {order} has not left the store.");
        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
