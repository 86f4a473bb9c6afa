using System.Text.Json.Nodes;

namespace ChangeFeed.Migration;

/// <summary>
/// What becomes of a document. Pure functions: the same document gives the same at every call, in every process, since documents are carried
/// more than once and are compared with what comes out here.
/// </summary>
public interface IDocumentTransformation
{
    /// <summary>Name by which plans know it.</summary>
    string Name { get; }

    /// <summary>The documents of the new container that a document of the old one becomes: none, one or several, each with its <c>id</c>.</summary>
    /// <param name="document">The document without what the store adds to it; may be changed and given back.</param>
    /// <remarks>Which documents these are, by id and partition key, must not depend on what a replacement changes; <c>verify</c> says where it does.</remarks>
    IEnumerable<JsonObject> Forward(JsonObject document);

    /// <summary>The way back; null where there is none, and a cutover cannot be rolled back.</summary>
    Func<JsonObject, IEnumerable<JsonObject>>? Backward { get; }

    /// <summary>Whether a document of the old container counts as deleted, where deletion is a mark in the document.</summary>
    /// <param name="document">The document.</param>
    bool IsDeleted(JsonObject document) => false;
}

/// <summary>Documents as they are.</summary>
public sealed class Unchanged : IDocumentTransformation
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public Func<JsonObject, IEnumerable<JsonObject>>? Backward => Forward;

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Forward(JsonObject document) => [document];
}
