using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <content>What can happen to regions, on request.</content>
internal sealed partial class RegionSet
{
    /// <summary>A region answers no more. Where it was the one that is written to, another takes its place.</summary>
    /// <param name="name">The region.</param>
    /// <param name="keepsTail">What was committed and has not arrived elsewhere arrives before; else it is lost.</param>
    /// <param name="failsOver">Another region takes its place at once; else nobody does until one is promoted.</param>
    public Task LoseAsync(string name, bool keepsTail, bool failsOver) => OneAtATimeAsync(name, async region =>
    {
        if (region.Condition == RegionCondition.Lost)
            throw Refused($"'{region.Name}' is lost already; recover it first.");
        if (All.Count(other => other.Condition != RegionCondition.Lost) == 1)
            throw Refused($"'{region.Name}' is the last region that is left; recover another first.");
        if (region != Writer)
        {
            region.Condition = RegionCondition.Lost;
            Save();
            await CloseAsync(region);
            return;
        }

        var next = failsOver ? Successor() : null;
        if (keepsTail && next?.Condition == RegionCondition.Split)
            throw Refused($"'{next.Name}' is split off: what it does not have cannot arrive there; heal it first.");
        // What is lost is lost from now on, also what is acknowledged while the region goes down.
        if (!keepsTail)
            await StopReplicationAsync();
        await listener.CloseAsync(region);
        region.Running!.StopWriting();
        if (keepsTail)
            await ReplicatedAsync();
        region.Condition = RegionCondition.Lost;
        if (next is not null)
            await SwitchAsync(region, next, keepsTail);
        else
            await StandAsync(region);
    });

    /// <summary>A lost region comes back, as a copy of the write region; what only it had is gone.</summary>
    public Task RecoverAsync(string name) => OneAtATimeAsync(name, async region =>
    {
        if (region.Condition != RegionCondition.Lost)
            throw Refused($"'{region.Name}' is not lost.");
        if (region != Writer && Writer.Running is null)
            throw Refused($"'{region.Name}' has nothing to become a copy of while the write region is lost; recover or promote one first.");
        region.Condition = RegionCondition.Online;
        // A write region that nobody took the place of has missed nothing.
        region.NeedsCopy = region != Writer;
        Save();
        if (region == Writer)
        {
            region.Running = Open(region);
            region.Role.Writes = region.Store.KeepsCommits = true;
            region.Running.Begin();
            foreach (var other in All.Where(other => other != Writer && other.Running is not null))
                Replicate(other);
        }
        else
        {
            await FollowAsync(region);
        }
        await listener.OpenAsync(region);
    });

    /// <summary>Nothing that is written elsewhere arrives in a region any more; it goes on answering.</summary>
    public Task SplitAsync(string name) => OneAtATimeAsync(name, async region =>
    {
        if (region == Writer || region.Condition != RegionCondition.Online)
            throw Refused($"'{region.Name}' is {(region == Writer ? "the write region" : "not online")}; split off a region that follows.");
        region.Condition = RegionCondition.Split;
        Save();
        await region.Replicator!.DisposeAsync();
        region.Replicator = null;
    });

    /// <summary>What was written elsewhere arrives again.</summary>
    public Task HealAsync(string name) => OneAtATimeAsync(name, async region =>
    {
        if (region.Condition != RegionCondition.Split)
            throw Refused($"'{region.Name}' is not split off.");
        region.Condition = RegionCondition.Online;
        Save();
        if (region.NeedsCopy && Writer.Running is not null)
            await CopyAgainAsync(region);
        else
            Replicate(region);
    });

    /// <summary>Makes a region the one that is written to; nothing is lost where the one before still answers.</summary>
    public Task PromoteAsync(string name) => OneAtATimeAsync(name, async region =>
    {
        if (region == Writer || region.Condition == RegionCondition.Lost || region.NeedsCopy)
            throw Refused($"'{region.Name}' is {(region == Writer ? "the write region already" : "lost, or of another history; recover it first")}.");
        if (region.Condition == RegionCondition.Split && Writer.Condition != RegionCondition.Lost)
            throw Refused($"'{region.Name}' is split off and does not have all that is written; heal it first.");
        var before = Writer;
        if (before.Running is not null)
        {
            await listener.CloseAsync(before);
            before.Running.StopWriting();
            await ReplicatedAsync();
        }
        await SwitchAsync(before, region, keepsTail: before.Running is not null);
        if (before.Condition != RegionCondition.Lost)
        {
            await FollowAsync(before);
            await listener.OpenAsync(before);
        }
    });

    private Region Successor() =>
        Following(RegionCondition.Online) ?? Following(RegionCondition.Split)
            ?? throw Refused("No region is left that could take the place of the write region.");

    private Region? Following(RegionCondition condition) =>
        All.FirstOrDefault(region => region != Writer && region.Condition == condition && region.Running is not null && !region.NeedsCopy);

    /// <summary>The write region is down and nobody takes its place: nothing arrives anywhere.</summary>
    private async Task StandAsync(Region lost)
    {
        Save();
        await StopReplicationAsync();
        await CloseAsync(lost);
    }

    private async Task SwitchAsync(Region before, Region next, bool keepsTail)
    {
        await StopReplicationAsync();
        var lost = before.Running is { } open && !keepsTail
            ? LastNumbers.Of(open.State.Catalogue)
            : before.Running is null ? await LastNumbersOfAsync(before) : [];
        // Who is where the next one is follows it; who is not is of another history.
        foreach (var region in All.Where(region => region != next))
            region.NeedsCopy |= region.Running?.Store.Position != next.Store.Position;
        (Writer, _epoch) = (next, _epoch + 1);
        Save();
        await CloseAsync(before);
        await PromoteAsync(lost);
        foreach (var region in All.Where(region => region != next && region.Condition == RegionCondition.Online && region.Running is not null))
        {
            if (region.NeedsCopy)
                await CopyAgainAsync(region);
            else
                Replicate(region);
        }
    }

    private async Task StopReplicationAsync()
    {
        foreach (var region in All.Where(region => region.Replicator is not null))
        {
            await region.Replicator!.DisposeAsync();
            region.Replicator = null;
        }
    }

    private async Task<Dictionary<int, LastNumbers>> LastNumbersOfAsync(Region closed)
    {
        await using var open = Open(closed);
        return LastNumbers.Of(open.State.Catalogue);
    }

    private async Task PromoteAsync(IReadOnlyDictionary<int, LastNumbers> lost)
    {
        Writer.Store.KeepsCommits = true;
        var state = Writer.Running!.State;
        await state.Committer.RunAsync(new Promotion(state, _epoch, Writer.Number, lost));
        Writer.Role.Writes = true;
    }

    private async Task CopyAgainAsync(Region region)
    {
        await CloseAsync(region);
        await FollowAsync(region);
        await listener.OpenAsync(region);
    }

    private async Task OneAtATimeAsync(string name, Func<Region, Task> change)
    {
        await _one.WaitAsync();
        try
        {
            await change(All.FirstOrDefault(region => region.Is(name)) ?? throw CosmosErrorException.NotFound(
                $"There is no region '{name}'; there are {string.Join(", ", All.Select(region => region.Name))}."));
        }
        finally
        {
            _one.Release();
        }
    }

    private static CosmosErrorException Refused(string message) => new(409, "Conflict", message);
}
