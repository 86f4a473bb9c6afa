using System.Text.Json.Serialization;

namespace Orders.ReadModels;

/// <summary>The kinds of reference data.</summary>
public enum ReferenceKind
{
    /// <summary>See <see cref="CustomerDocument"/>.</summary>
    Customer,

    /// <summary>See <see cref="ProductDocument"/>.</summary>
    Product,
}

/// <summary>Names a document of reference data.</summary>
/// <param name="Kind">Which container it is in.</param>
/// <param name="Id">Its id there.</param>
public readonly record struct Reference(ReferenceKind Kind, string Id);

/// <summary>What something was called at a version of its document; of two, the one of the later version is right.</summary>
public sealed record ReferenceName(ReferenceKind Kind, string Id, string Name, long Version)
{
    /// <summary>What it names.</summary>
    [JsonIgnore]
    public Reference Reference => new(Kind, Id);
}

/// <summary>Data that orders refer to and that is changed in place: one document each, in a container of its own whose change feed tells of every
/// change.</summary>
public interface IReferenceDocument
{
    /// <summary>Key of the document.</summary>
    string Id { get; }

    /// <summary>Grows by one with every change, from 1: of two states the later one is known without looking at clocks.</summary>
    long Version { get; }

    /// <summary>What it is called.</summary>
    string Name { get; }
}

/// <summary>What is known of a customer beside their orders. Master data: it can be changed and erased, unlike events.</summary>
/// <param name="Name">As they want to be called.</param>
/// <param name="Email">Where they can be reached; null when not known.</param>
/// <param name="UpdatedAt">When it was changed last, UTC.</param>
/// <param name="ErasedAt">When they asked to be erased, UTC; nothing is known of them from then on, and never again.</param>
public sealed record CustomerDocument(
    string Id, long Version, string Name, DateTimeOffset UpdatedAt, string? Email = null, DateTimeOffset? ErasedAt = null) : IReferenceDocument;

/// <summary>What is known of a product; its id is the sku.</summary>
/// <param name="Name">As it is sold now; an order keeps the name it was sold by.</param>
/// <param name="UpdatedAt">When it was changed last, UTC.</param>
public sealed record ProductDocument(string Id, long Version, string Name, DateTimeOffset UpdatedAt) : IReferenceDocument;
