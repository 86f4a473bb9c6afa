namespace ChangeFeed.Emulator;

/// <summary>What the data explorer at <c>/_explorer</c> may do.</summary>
public enum ExplorerMode
{
    /// <summary>Look at items and change them.</summary>
    Full,

    /// <summary>Look at items; the endpoint refuses what its page sends beyond that.</summary>
    ReadOnly,

    /// <summary>There is no data explorer.</summary>
    Off,
}
