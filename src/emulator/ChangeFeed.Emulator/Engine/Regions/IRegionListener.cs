namespace ChangeFeed.Emulator.Engine.Regions;

/// <summary>Answers under the address of a region, and stops to.</summary>
internal interface IRegionListener
{
    /// <summary>Begins to answer from the region's store.</summary>
    Task OpenAsync(Region region);

    /// <summary>Cuts off whoever is being answered, and refuses connections from now on. Does nothing where that is so.</summary>
    Task CloseAsync(Region region);
}
