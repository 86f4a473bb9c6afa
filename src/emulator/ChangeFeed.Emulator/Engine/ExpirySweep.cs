using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Engine;

/// <summary>
/// Removes items whose time to live is over and versions kept long enough. Nobody can see them any more before that;
/// the sweep gives back their space and writes the deletes into the log.
/// </summary>
internal sealed class ExpirySweep(EngineState state, ILogger log)
{
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private string? _reported;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, state.Time);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stopping);
                Report();
                if (state.Store.Health.Damage is not null)
                    continue;
                if (state.Store.Health.NoRoom is not null)
                    await TryRoomAsync();
                // Elsewhere what is removed in the write region arrives by itself.
                if (state.Region is null or { Writes: true })
                    foreach (var container in state.Catalogue.Containers.ToList())
                        await SweepAsync(container, stopping);
                if (state.Store.WantsCommit())
                    await state.Committer.RunAsync(_ => 0);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (CosmosErrorException) when (state.Store.Health.Trouble is not null)
            {
                // Reported at the next turn, which tries again.
            }
            catch (SqliteException exception)
            {
                log.LogError(exception, "The sweep of expired items failed; it is tried again");
                state.Store.Health.Note(exception, "read");
            }
            catch (Exception exception)
            {
                log.LogError(exception, "The sweep of expired items failed; it is tried again");
            }
        }
    }

    /// <summary>Says once what is wrong with the data, and once that it is over.</summary>
    private void Report()
    {
        var trouble = state.Store.Health.Trouble;
        if (trouble == _reported)
            return;
        if (trouble is null)
            log.LogWarning("There is room again; writes go on.");
        else
            log.LogError("{Trouble}", trouble);
        _reported = trouble;
    }

    /// <summary>Writes go on by themselves when there is room again; this finds out for those who only ask for health.</summary>
    private async Task TryRoomAsync()
    {
        await state.Committer.RunAsync(Change(session => session.TakeRoom()));
        await state.Committer.RunAsync(Change(session => session.GiveRoomBack()));
        state.Store.Health.HasRoom();

        static Func<WriteContext, int> Change(Action<IWriteSession> change) => context =>
        {
            change(context.Session);
            return 0;
        };
    }

    private async Task SweepAsync(Container container, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && !container.IsDropped && HasExpired(container))
            await state.Committer.RunAsync(new Removal(container));
        while (!stopping.IsCancellationRequested && !container.IsDropped && HasOldVersions(container))
            await state.Committer.RunAsync(new Retention(container));
    }

    private bool HasExpired(Container container)
    {
        if (container.Definition.DefaultTtl is null)
            return false;
        using var session = state.Store.Read();
        return session.Expired(container, state.Now, 1).Count > 0;
    }

    // Without asking the writer, which has better things to do than to find nothing once a second.
    private bool HasOldVersions(Container container)
    {
        if (container.Definition.VersionRetention is not { } retention)
            return false;
        using var session = state.Store.Read();
        return session.HasVersionsBefore(container, Before(state.Now, retention));
    }

    private static long Before(long now, TimeSpan retention) => now - (long)retention.TotalSeconds;

    private sealed class Removal(Container container) : WriteCommand<int>
    {
        protected override int Execute(WriteContext context)
        {
            if (container.IsDropped)
                return 0;
            var expired = context.Session.Expired(container, context.Now, Batch);
            foreach (var item in expired)
                new WriteScope(container, container.PartitionOf(item.Epk)).Delete(context, item, VersionKind.Expiry);
            return expired.Count;
        }
    }

    private sealed class Retention(Container container) : WriteCommand<int>
    {
        public override bool Exclusive => true;

        protected override int Execute(WriteContext context)
        {
            if (container.IsDropped || container.Definition.VersionRetention is not { } retention)
                return 0;
            var dropped = context.Session.DropVersions(container, Before(context.Now, retention), Batch);
            foreach (var (partition, lsn) in dropped)
                context.BeginVersions(container, partition, lsn);
            return dropped.Count;
        }
    }
}
