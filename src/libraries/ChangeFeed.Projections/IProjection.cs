using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;

namespace ChangeFeed.Projections;

/// <summary>
/// A view with one document per stream: what each event makes of the document, and where the document is. Pure; reading and writing is
/// done for it.
/// </summary>
public interface IProjection<TDocument>
    where TDocument : class
{
    /// <summary>Name of the view: of its container, and of its endpoint on the change feed.</summary>
    string Name { get; }

    /// <summary>Metadata of the document.</summary>
    JsonTypeInfo<TDocument> Json { get; }

    /// <summary>The document after the next event; null when the event begins nothing this view shows.</summary>
    TDocument? Apply(TDocument? current, RecordedEvent next);

    /// <summary>
    /// The key of the document an event belongs to; null when the event does not tell. Then the first event of its stream is asked,
    /// and when that does not tell either, the stream is not shown.
    /// </summary>
    ViewKey? KeyOf(RecordedEvent e);

    /// <summary>The stream a document was made of.</summary>
    string StreamOf(TDocument document);

    /// <summary>Version of the last event that is in a document.</summary>
    long VersionOf(TDocument document);

    /// <summary>Whether the document carries a time to live: it is right for it to be missing.</summary>
    bool Ends(TDocument document) => false;

    /// <summary>What of a document comes from the events of its stream alone: the rest is not compared with them.</summary>
    TDocument FromEvents(TDocument document) => document;
}
