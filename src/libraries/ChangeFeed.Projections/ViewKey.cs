namespace ChangeFeed.Projections;

/// <summary>Where a document of a view is: the value of its container's partition key, and its id.</summary>
public readonly record struct ViewKey(string PartitionKey, string Id)
{
    /// <summary>For containers whose partition key is <c>/id</c>.</summary>
    public static ViewKey ById(string id) => new(id, id);
}
