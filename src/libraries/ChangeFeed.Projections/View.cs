using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Writing;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections;

/// <summary>Makes views of projections.</summary>
public static class View
{
    /// <summary>A view with one document per stream.</summary>
    public static IView Of<TDocument>(IProjection<TDocument> projection)
        where TDocument : class => new ProjectionView<TDocument>(projection);

    /// <summary>A view with any number of documents per stream.</summary>
    public static IView Of<TState, TDocument>(IMultiDocumentProjection<TState, TDocument> projection)
        where TState : class
        where TDocument : class => new MultiDocumentView<TState, TDocument>(projection);

    private sealed class ProjectionView<TDocument>(IProjection<TDocument> projection) : IView
        where TDocument : class
    {
        public string Name => projection.Name;

        public IViewWriter CreateWriter(Container container, ReadStream readStream, IViewEnrichment? enrichment) =>
            new ViewWriter<TDocument>(
                projection, new CachingViewStore<TDocument>(new CosmosViewStore<TDocument>(container, projection.Json)), readStream,
                enrichment?.For(projection));

        public DocumentFacts? Read(JsonElement document) => Facts(document.Deserialize(projection.Json) ?? throw new JsonException("The document is null."));

        public object? Fold(object? state, RecordedEvent next)
        {
            var folded = state as Folded<TDocument> ?? new Folded<TDocument>(projection.KeyOf(next), null);
            return folded with { Document = projection.Apply(folded.Document, next) };
        }

        public IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state) =>
            state is Folded<TDocument> { Key: { } key, Document: { } document } ? [(key, Facts(document))] : [];

        private DocumentFacts Facts(TDocument document) => new(
            projection.StreamOf(document), projection.VersionOf(document), ContentHash.Of(projection.FromEvents(document), projection.Json),
            projection.Ends(document));
    }

    private sealed class MultiDocumentView<TState, TDocument>(IMultiDocumentProjection<TState, TDocument> projection) : IView
        where TState : class
        where TDocument : class
    {
        public string Name => projection.Name;

        public IViewWriter CreateWriter(Container container, ReadStream readStream, IViewEnrichment? enrichment) =>
            new MultiDocumentWriter<TState, TDocument>(projection, new CosmosViewStore<TDocument>(container, projection.Json), readStream);

        public DocumentFacts? Read(JsonElement document) => Facts(document.Deserialize(projection.Json) ?? throw new JsonException("The document is null."));

        public object? Fold(object? state, RecordedEvent next) => projection.Apply((TState?)state, next);

        public IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state) =>
            state is TState folded ? projection.Documents(folded).Select(d => (d.Key, Facts(d.Document))) : [];

        private DocumentFacts Facts(TDocument document) => new(
            projection.StreamOf(document), projection.VersionOf(document), ContentHash.Of(document, projection.Json), projection.Ends(document));
    }

    private sealed record Folded<TDocument>(ViewKey? Key, TDocument? Document)
        where TDocument : class;
}
