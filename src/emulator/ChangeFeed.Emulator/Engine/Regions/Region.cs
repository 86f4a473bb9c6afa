using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>A region of the account: a store of its own, where it is not lost.</summary>
internal sealed class Region(string name, int number, RegionRole role)
{
    public string Name => name;

    /// <summary>Counted from 1 in the order of priority; session tokens name it.</summary>
    public int Number => number;

    public RegionRole Role => role;

    /// <summary>Its address; set by who listens.</summary>
    public Uri? Endpoint { get; set; }

    public RegionCondition Condition { get; set; }

    /// <summary>What it holds is of another history, so it has to become a copy of the write region before it answers.</summary>
    public bool NeedsCopy { get; set; }

    public RunningStore? Running { get; set; }

    public Replicator? Replicator { get; set; }

    public IReplicatedStore Store => Running!.Store;

    public bool Is(string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
