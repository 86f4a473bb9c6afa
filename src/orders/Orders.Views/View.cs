using System.Text.Json;
using Microsoft.Azure.Cosmos;
using ChangeFeed.EventStore;
using Orders.Contracts;
using Orders.Views.Denormalisation;

namespace Orders.Views;

/// <summary>Makes views of projections.</summary>
public static class View
{
    /// <summary>A view with one document per stream.</summary>
    public static IView Of<TDocument>(IProjection<TDocument> projection)
        where TDocument : class => new ProjectionView<TDocument>(projection);

    /// <summary>A view with any number of documents per stream.</summary>
    public static IView Of<TState, TDocument>(IFanOut<TState, TDocument> fanOut)
        where TState : class
        where TDocument : class => new FanOutView<TState, TDocument>(fanOut);

    private sealed class ProjectionView<TDocument>(IProjection<TDocument> projection) : IView
        where TDocument : class
    {
        public string Name => projection.Name;

        public IViewWriter CreateWriter(Container container, ReadStream readStream, KnownNames? names) =>
            new ViewWriter<TDocument>(
                projection, new RememberingContainer<TDocument>(new ViewContainer<TDocument>(container, projection.Json)), readStream, names);

        public DocumentFacts? Read(JsonElement document) => Facts(document.Deserialize(projection.Json) ?? throw new JsonException("The document is null."));

        public object? Fold(object? state, RecordedEvent next)
        {
            var folded = state as Folded<TDocument> ?? new Folded<TDocument>(projection.KeyOf(next), null);
            return folded with { Document = projection.Apply(folded.Document, next) };
        }

        public IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state) =>
            state is Folded<TDocument> { Key: { } key, Document: { } document } ? [(key, Facts(document))] : [];

        private DocumentFacts Facts(TDocument document) => new(
            projection.StreamOf(document), projection.VersionOf(document), ContentHash.Of(projection.FromEvents(document), projection.Json), projection.Ends(document));
    }

    private sealed class FanOutView<TState, TDocument>(IFanOut<TState, TDocument> fanOut) : IView
        where TState : class
        where TDocument : class
    {
        public string Name => fanOut.Name;

        public IViewWriter CreateWriter(Container container, ReadStream readStream, KnownNames? names) =>
            new FanOutWriter<TState, TDocument>(fanOut, new ViewContainer<TDocument>(container, fanOut.Json), readStream);

        public DocumentFacts? Read(JsonElement document) => Facts(document.Deserialize(fanOut.Json) ?? throw new JsonException("The document is null."));

        public object? Fold(object? state, RecordedEvent next) => fanOut.Apply((TState?)state, next);

        public IEnumerable<(ViewKey Key, DocumentFacts Facts)> Documents(object? state) =>
            state is TState folded ? fanOut.Documents(folded).Select(d => (d.Key, Facts(d.Document))) : [];

        private DocumentFacts Facts(TDocument document) => new(
            fanOut.StreamOf(document), fanOut.VersionOf(document), ContentHash.Of(document, fanOut.Json), fanOut.Ends(document));
    }

    private sealed record Folded<TDocument>(ViewKey? Key, TDocument? Document)
        where TDocument : class;
}
