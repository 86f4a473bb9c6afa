using ChangeFeed.Projections;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Views.Projections;

/// <summary>
/// A projection whose documents show what customers and products are called, beside what events say. Pure. Its <c>FromEvents</c> leaves
/// the names out.
/// </summary>
public interface IShowsNames<TDocument>
    where TDocument : class
{
    /// <summary>Name of the view.</summary>
    string Name { get; }

    /// <summary>Where a document is.</summary>
    ViewKey KeyOf(TDocument document);

    /// <summary>The partition in which all documents are that show a name; null when they can be anywhere.</summary>
    string? PartitionOf(Reference reference);

    /// <summary>Whose names a document shows; none when it keeps the names it has.</summary>
    IEnumerable<Reference> ReferencesOf(TDocument document);

    /// <summary>The document with a name; the same document when it does not show it, or shows it as it was then or later.</summary>
    TDocument WithName(TDocument document, ReferenceName name);
}
