namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>How a region is.</summary>
internal enum RegionCondition
{
    /// <summary>It answers, and gets what is written elsewhere.</summary>
    Online,

    /// <summary>It answers, and gets nothing that is written elsewhere.</summary>
    Split,

    /// <summary>It does not answer.</summary>
    Lost,
}
