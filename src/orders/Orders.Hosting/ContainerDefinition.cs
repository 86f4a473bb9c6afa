namespace Orders.Hosting;

/// <summary>A container as its owner declares it.</summary>
/// <param name="Name">Its name in the database.</param>
/// <param name="PartitionKey">Path of the partition key, such as <c>/id</c>.</param>
public sealed record ContainerDefinition(string Name, string PartitionKey)
{
    /// <summary>Documents stay until they are deleted, except those that carry a time to live of their own.</summary>
    public const int OnlyDocumentsWithTheirOwn = -1;

    /// <summary>Seconds a document stays after its last change; null: for ever, whatever the document says.</summary>
    public int? DefaultTtl { get; init; }

    /// <summary>
    /// The paths queries filter or order by, such as <c>/status/?</c> or <c>/lines/[]/sku/?</c>. Nothing else is indexed, as each term of an
    /// index costs 0.2 RU with each write; the <c>id</c> always is.
    /// </summary>
    public IReadOnlyList<string> Indexed { get; init; } = [];

    /// <summary>Whether the store is asked to keep all versions and deletes for the change feed.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>
    /// Whether it grows with the orders. One that does not has one physical partition in a real account, and is to have one in the embedded
    /// store: a query of all of it is one request then, and instances look at the leases all day.
    /// </summary>
    public bool GrowsWithOrders { get; init; }
}
