using System.Text.Json;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections;

/// <summary>Reads a part of a stream, in order.</summary>
public delegate IAsyncEnumerable<RecordedEvent> ReadStream(string streamId, long fromVersion, long toVersion, CancellationToken cancellationToken);

/// <summary>A view as the machinery sees it, whatever its documents are.</summary>
public interface IView
{
    /// <summary>Name of the view: of its container, and of its endpoint on the change feed.</summary>
    string Name { get; }

    /// <summary>Keeps the documents in one container up to date.</summary>
    /// <param name="container">Where they are.</param>
    /// <param name="readStream">Reads events.</param>
    /// <param name="enrichment">Adds what does not come from events; null to write documents without it.</param>
    IViewWriter CreateWriter(Container container, ReadStream readStream, IViewEnrichment? enrichment = null);

    /// <summary>What a stored document says of itself; null for documents that only help to keep the view.</summary>
    /// <exception cref="JsonException">It is none of this view's documents.</exception>
    DocumentFacts? Read(JsonElement document);

    /// <summary>Folds the next event of a stream into what <see cref="Documents"/> takes. Pure; null before the first event.</summary>
    object? Fold(object? state, RecordedEvent next);

    /// <summary>The documents there should be.</summary>
    IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state);
}

/// <summary>What one compares documents by.</summary>
/// <param name="Stream">The stream it was made of.</param>
/// <param name="Version">The version it has reached.</param>
/// <param name="Content">Hash of everything in it that comes from events.</param>
/// <param name="Ends">Whether the store deletes it after a while: it may be missing.</param>
public readonly record struct DocumentFacts(string Stream, long Version, UInt128 Content, bool Ends = false);

/// <summary>Brings the documents of one version of a view up to events.</summary>
public interface IViewWriter
{
    /// <summary>
    /// Applies events of one stream that follow each other without a gap, after those before them that are missing. Events that are in
    /// the view already change nothing.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<RecordedEvent> run, CancellationToken cancellationToken);
}
