using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>
/// The regions of an account: one that is written to, the others follow it. One change at a time; what is to be is on disk before it is done,
/// so that a start after a kill finishes it.
/// </summary>
/// <param name="options">Names of regions, lag, where the data lies.</param>
/// <param name="listener">Opens and closes the endpoints of regions.</param>
/// <param name="time">The clock lag goes by.</param>
/// <param name="log">Told what fails.</param>
internal sealed partial class RegionSet(EmulatorOptions options, IRegionListener listener, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private DataDirectory? _data;
    private Task _trimming = Task.CompletedTask;
    private long _lag = options.ReplicationLag.Ticks;
    private int _epoch;

    /// <summary>In the order of priority.</summary>
    public IReadOnlyList<Region> All { get; private set; } = [];

    /// <summary>The region that is written to; it may be lost.</summary>
    public Region Writer { get; private set; } = null!;

    /// <summary>How often another region became the one that is written to.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>How long after its commit something arrives in the other regions.</summary>
    public TimeSpan Lag
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _lag));
        set => Volatile.Write(ref _lag, value.Ticks);
    }

    /// <summary>Opens the data of every region that is not lost, finishes what a kill interrupted, and listens.</summary>
    /// <exception cref="EmulatorStartException">The data is damaged, in use, or of other regions.</exception>
    public async Task StartAsync()
    {
        _data = DataDirectory.Open(options.InMemory ? null : options.DataDirectory);
        if (File.Exists(_data.DataFile))
            throw new EmulatorStartException(
                $"The data in {_data.FullPath} is of an account without regions; start without --regions, or choose another --data directory.");
        var file = RegionsFile.Read(_data.FullPath);
        if (file?.Regions.Select(region => region.Name).Except(options.Regions, StringComparer.OrdinalIgnoreCase).Any() == true)
            throw new EmulatorStartException(
                $"The data in {_data.FullPath} is of the regions {file.Names}; "
                + "--regions must name them too, or choose another --data directory.");
        // The order they were first given in stays: session tokens have their numbers.
        var names = (file?.Regions.Select(region => region.Name) ?? []).Union(options.Regions, StringComparer.OrdinalIgnoreCase).ToList();
        All = [.. names.Select((name, index) => new Region(name, index + 1, new(name, () => ReplicatedAsync())))];
        foreach (var region in All)
            (region.Condition, region.NeedsCopy) = file?.Regions.FirstOrDefault(record => region.Is(record.Name)) is { } record
                ? (record.Condition, record.NeedsCopy)
                : (RegionCondition.Online, file is not null);
        Writer = file is null ? All[0] : All.Single(region => region.Is(file.WriteRegion));
        _epoch = file?.Epoch ?? 0;
        Save();
        await BeginAsync();
        _trimming = TrimAsync();
    }

    private async Task BeginAsync()
    {
        if (Writer.Condition != RegionCondition.Lost)
        {
            Writer.Running = Open(Writer);
            if (Writer.Store.Epoch < _epoch)
                await PromoteAsync(await LastNumbersOfLostAsync());
            Writer.Role.Writes = Writer.Store.KeepsCommits = true;
            Writer.Running.Begin();
        }
        foreach (var region in All.Where(region => region != Writer && region.Condition != RegionCondition.Lost))
            await FollowAsync(region);
        foreach (var region in All.Where(region => region.Running is not null))
            await listener.OpenAsync(region);
    }

    /// <summary>What the regions that are down had given, where a kill came between the decision and its end.</summary>
    private async Task<Dictionary<int, LastNumbers>> LastNumbersOfLostAsync()
    {
        var last = new Dictionary<int, LastNumbers>();
        foreach (var region in All.Where(region => region != Writer && !(region.NeedsCopy && region.Condition != RegionCondition.Lost)))
        {
            var open = Open(region);
            foreach (var (container, numbers) in LastNumbers.Of(open.State.Catalogue))
                last[container] = last.TryGetValue(container, out var other) && other.Lsn > numbers.Lsn ? other : numbers;
            await open.DisposeAsync();
        }
        return last;
    }

    private RunningStore Open(Region region)
    {
        var data = DirectoryOf(region);
        try
        {
            return RunningStore.Open(data, options.MaxBytes, time, log, region.Role);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private DataDirectory DirectoryOf(Region region) => _data!.Within(RegionNames.Directory(region.Name));

    /// <summary>Opens a region that is not written to; what it holds becomes a copy of the write region where it is of another history.</summary>
    private async Task FollowAsync(Region region)
    {
        if (region.Running is null && !region.NeedsCopy)
        {
            region.Running = Open(region);
            region.NeedsCopy = !CanFollow(region.Store);
        }
        if (region.NeedsCopy)
        {
            // Until there is something to become a copy of, it does not answer.
            if (Writer.Running is null)
                return;
            Save();
            await CloseAsync(region);
            Copy(region);
            region.Running = Open(region);
            region.NeedsCopy = false;
            Save();
        }
        region.Role.Writes = region.Store.KeepsCommits = false;
        await DropCommitsAsync(region.Running!, long.MaxValue);
        region.Running!.Begin();
        Replicate(region);
    }

    private void Replicate(Region region)
    {
        if (Writer.Running is null || region.Condition != RegionCondition.Online)
            return;
        region.Replicator = new(Writer.Store, region.Running!, () => Lag, log);
        region.Replicator.Begin();
    }

    /// <summary>Whether all that the region does not have is still kept in the write region.</summary>
    private bool CanFollow(IReplicatedStore store) =>
        Writer.Running is null
        || (store.Epoch <= Writer.Store.Epoch && (store.Position == Writer.Store.Position
            || (store.Position < Writer.Store.Position && Writer.Store.OldestCommit <= store.Position + 1)));

    private void Copy(Region region)
    {
        using var data = DirectoryOf(region);
        data.Clear();
        Writer.Store.CopyTo(data.DataFile);
    }

    private async Task CloseAsync(Region region)
    {
        await listener.CloseAsync(region);
        if (region.Replicator is { } replicator)
            await replicator.DisposeAsync();
        region.Replicator = null;
        if (region.Running is { } running)
            await running.DisposeAsync();
        region.Running = null;
        region.Role.Writes = false;
    }

    private void Save() =>
        new RegionsFile(_epoch, Writer.Name, [.. All.Select(region => new RegionRecord(region.Name, region.Condition, region.NeedsCopy))])
            .Write(_data!.FullPath);

    /// <summary>All that is committed by now is in every region that can be reached.</summary>
    private Task ReplicatedAsync()
    {
        var position = Writer.Running?.Store.Position ?? 0;
        return Task.WhenAll(All.Select(region => region.Replicator?.HurryAsync(position) ?? Task.CompletedTask));
    }

    /// <summary>What every region has need not be kept.</summary>
    private async Task TrimAsync()
    {
        using var timer = new PeriodicTimer(TrimEvery, time);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stopping.Token);
                await _one.WaitAsync(_stopping.Token);
                try
                {
                    if (Writer.Running is { } running)
                        await DropCommitsAsync(running, Everywhere());
                }
                finally
                {
                    _one.Release();
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogWarning(exception, "What every region has could not be dropped; it is tried again");
            }
        }
    }

    private static async Task DropCommitsAsync(RunningStore running, long upTo)
    {
        if (running.Store.OldestCommit <= upTo)
            await running.State.Committer.RunAsync(context =>
            {
                context.Session.DropCommits(upTo);
                return true;
            });
    }

    private long Everywhere() => All
        .Where(region => region.Running is not null && !region.NeedsCopy)
        .Min(region => region.Store.Position);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _trimming;
        await _one.WaitAsync();
        foreach (var region in All.OrderBy(region => region == Writer))
            await CloseAsync(region);
        _data?.Dispose();
        _stopping.Dispose();
        _one.Dispose();
    }
}
