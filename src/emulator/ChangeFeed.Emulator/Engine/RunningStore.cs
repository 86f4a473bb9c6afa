using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Engine.Regions;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;
using ChangeFeed.Emulator.Storage.Sqlite;

namespace ChangeFeed.Emulator.Engine;

/// <summary>An opened store with the one who writes to it and what goes on in it by itself. Dispose it to close the data.</summary>
internal sealed class RunningStore : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly DataDirectory _data;
    private readonly ILogger _log;
    private Task _background = Task.CompletedTask;

    private RunningStore(DataDirectory data, IReplicatedStore store, Catalogue catalogue, TimeProvider time, ILogger log, RegionRole? region)
    {
        (_data, _log, Store) = (data, log, store);
        var queries = new QueryEngine(time);
        State = new(store, catalogue, new(store, time, log), new(queries), queries, time) { Region = region };
    }

    public IReplicatedStore Store { get; }

    public EngineState State { get; }

    /// <exception cref="EmulatorStartException">The data is damaged.</exception>
    public static RunningStore Open(DataDirectory data, long? maxBytes, TimeProvider time, ILogger log, RegionRole? region = null)
    {
        IReplicatedStore? store = null;
        try
        {
            store = data.OpenStore(maxBytes, time, replicated: region is not null);
            return new(data, store, store.Load(), time, log, region);
        }
        catch (Exception exception)
        {
            store?.Dispose();
            throw exception is SqliteException { IsDamage: true } ? data.Damaged(exception) : exception;
        }
    }

    /// <summary>Begins what goes on by itself: expiry, and the check of the data.</summary>
    public void Begin() => _background = Task.WhenAll(
        new ExpirySweep(State, _log).RunAsync(_stopping.Token), Store.CheckAsync(_stopping.Token));

    /// <summary>Refuses writes from now on; those that were taken are on disk when this returns.</summary>
    public void StopWriting() => State.Committer.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _background;
        State.Committer.Dispose();
        Store.Dispose();
        _data.Dispose();
        _stopping.Dispose();
    }
}
