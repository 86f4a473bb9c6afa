namespace Orders.ReadModels;

/// <summary>One document of the view <c>search</c>: an event of an order says this term. Partition key <c>/term</c>.</summary>
public sealed record SearchDocument
{
    /// <summary>The order and the version of the event.</summary>
    public required string Id { get; init; }

    /// <summary>The term: see <see cref="SearchTerms"/>.</summary>
    public required string Term { get; init; }

    /// <summary>The order.</summary>
    public required string OrderId { get; init; }

    /// <summary>Version of the event that wrote the document last.</summary>
    public required long Version { get; init; }

    /// <summary>When the order was placed, UTC.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>All words of a reason, so that several are looked up by one; null for other terms.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>When the customer was erased, UTC.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>Seconds after its last change until the store deletes the document; null for those that stay.</summary>
    public int? Ttl { get; init; }
}
