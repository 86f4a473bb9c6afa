using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChangeFeed.EventStore;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using Orders.Contracts;
using static TestSupport.OrderStream;

namespace Orders.Views.Tests;

public class MultiDocumentWriterTests
{
    private readonly OrderStream _stream = Given(Placed(), Taxed(), Captured(), Shipped());
    private readonly InMemoryViewStore<TermDocument> _view = new();
    private readonly MultiDocumentWriter<Terms, TermDocument> _writer;

    public MultiDocumentWriterTests() => _writer = new MultiDocumentWriter<Terms, TermDocument>(new TermsProjection(), _view, ReadAsync);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string streamId, long from, long to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var e in _stream.Events.Where(e => e.StreamId == streamId && e.Version >= from && e.Version <= to))
            yield return await Task.FromResult(e);
    }

    private async Task ApplyAsync(params int[] versions)
    {
        foreach (var version in versions)
            await _writer.ApplyAsync([_stream.Events[version]], Stop);
    }

    [Fact]
    public async Task Each_document_is_written_once_for_the_event_that_made_it()
    {
        await ApplyAsync(0, 1, 2, 3, 3, 0);

        _view.Documents.Keys.Select(k => k.PartitionKey).ShouldBe(["c-1001", "sp1"], ignoreOrder: true);
        _view.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_writes_what_all_its_events_made()
    {
        await _writer.ApplyAsync(_stream.Events, Stop);

        _view.Documents.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_read_without_what_is_missing_is_tried_again_later()
    {
        var seen = _stream.Events[3];
        _stream.Events.RemoveRange(2, 2);

        await Should.ThrowAsync<StaleReadException>(() => _writer.ApplyAsync([seen], Stop));
    }

    internal sealed record Terms(string OrderId, IReadOnlyList<(string Term, long Version)> Found);

    internal sealed class TermsProjection : IMultiDocumentProjection<Terms, TermDocument>
    {
        public string Name => "terms";

        public JsonTypeInfo<TermDocument> Json => TermJson.Default.TermDocument;

        public Terms? Apply(Terms? current, RecordedEvent next) => next.Data switch
        {
            OrderPlaced e => new Terms(next.StreamId, [(e.CustomerId, next.Version)]),
            OrderShipped e when current is not null => current with { Found = [.. current.Found, (e.TrackingNumber.ToLowerInvariant(), next.Version)] },
            _ => current,
        };

        public IEnumerable<(ViewKey Key, TermDocument Document)> Documents(Terms state) =>
            state.Found.Select(f => (new ViewKey(f.Term, state.OrderId), new TermDocument(state.OrderId, f.Term, f.Version)));

        public string StreamOf(TermDocument document) => document.Id;

        public long VersionOf(TermDocument document) => document.Version;
    }
}

internal sealed record TermDocument(string Id, string Term, long Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TermDocument))]
internal sealed partial class TermJson : JsonSerializerContext;
