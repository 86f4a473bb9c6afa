using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>What those who answer requests in a region know of it.</summary>
/// <param name="name">The name of the region.</param>
/// <param name="replicated">Completes when the other regions have all that is committed here by now.</param>
internal sealed class RegionRole(string name, Func<Task> replicated)
{
    private volatile bool _writes;

    public string Name => name;

    /// <summary>Whether the account is written to in this region.</summary>
    public bool Writes
    {
        get => _writes;
        set => _writes = value;
    }

    public Task ReplicatedAsync() => replicated();
}
