using System.Text.Json.Serialization.Metadata;
using OrderPipeline.Contracts;

namespace OrderPipeline.Views;

/// <summary>A view: which document an event belongs to, and what it makes of that document. Pure; reading and writing is done for it.</summary>
public interface IProjection<TDocument>
    where TDocument : class
{
    /// <summary>Name of the view, and of its endpoint on the change feed.</summary>
    string Name { get; }

    /// <summary>Metadata of the document.</summary>
    JsonTypeInfo<TDocument> Json { get; }

    /// <summary>Id of the document an event belongs to. It is the partition key as well.</summary>
    string IdOf(RecordedEvent e);

    /// <summary>Version of the last event that is in a document.</summary>
    long VersionOf(TDocument document);

    /// <summary>The document after the next event; null when the event begins nothing this view shows.</summary>
    TDocument? Apply(TDocument? current, RecordedEvent next);
}
