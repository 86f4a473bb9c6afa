using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;

namespace ChangeFeed.Projections;

/// <summary>
/// A view with any number of documents per stream: the events are folded into a state, and the state tells the documents. Pure; reading
/// and writing is done for it.
/// <para>A document that is there at one version of the stream must be there at all later ones: documents are never taken back.</para>
/// </summary>
public interface IMultiDocumentProjection<TState, TDocument>
    where TState : class
    where TDocument : class
{
    /// <summary>Name of the view: of its container, and of its endpoint on the change feed.</summary>
    string Name { get; }

    /// <summary>Metadata of a document.</summary>
    JsonTypeInfo<TDocument> Json { get; }

    /// <summary>The state after the next event; null when the event begins nothing this view shows.</summary>
    TState? Apply(TState? current, RecordedEvent next);

    /// <summary>False for an event that changes no document, whatever came before it: its stream need not be read.</summary>
    bool Concerns(RecordedEvent e) => true;

    /// <summary>The documents of a state, each key once.</summary>
    IEnumerable<(ViewKey Key, TDocument Document)> Documents(TState state);

    /// <summary>The stream a document was made of.</summary>
    string StreamOf(TDocument document);

    /// <summary>
    /// Version of the event that last changed this document; it need not be the last of the stream. A document is written only for that event.
    /// </summary>
    long VersionOf(TDocument document);

    /// <summary>Whether the document carries a time to live: it is right for it to be missing.</summary>
    bool Ends(TDocument document) => false;
}
