namespace Orders.ReadModels;

/// <summary>How far the erasure of a customer is; in container <c>erasures</c>, partition key <c>/customerId</c>.</summary>
/// <param name="Id">Always <see cref="Document"/>.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="KeyDroppedAt">From then on nobody new could read what was sealed with it, UTC.</param>
/// <param name="Orders">Orders marked so far.</param>
/// <param name="DoneAt">When every order was marked, UTC; null until then.</param>
public sealed record ErasureDocument(
    string Id, string CustomerId, DateTimeOffset RequestedAt, DateTimeOffset KeyDroppedAt, int Orders, DateTimeOffset? DoneAt = null)
{
    /// <summary>The id of the document.</summary>
    public const string Document = "erasure";
}

/// <summary>Audit record: the store has deleted a document of an erased customer, its time being over. In container <c>erasures</c>.</summary>
/// <param name="Id">Container and id of the document that was.</param>
/// <param name="Container">The container it was in.</param>
/// <param name="OrderId">The order it was about.</param>
/// <param name="Version">The version of the order it had reached.</param>
/// <param name="ErasedAt">When it was marked, UTC.</param>
/// <param name="DeletedAt">When it was deleted, UTC.</param>
public sealed record DeletionDocument(
    string Id, string CustomerId, string Container, string OrderId, long Version, DateTimeOffset ErasedAt, DateTimeOffset DeletedAt)
{
    /// <summary>What the ids of all of them begin with.</summary>
    public const string IdPrefix = "deleted:";
}
