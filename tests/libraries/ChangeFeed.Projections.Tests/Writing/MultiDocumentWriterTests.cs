using System.Runtime.CompilerServices;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public class MultiDocumentWriterTests
{
    private readonly List<RecordedEvent> _stream = Accounts.Stream(
        new Opened("ada"), new Deposited(5, "rent"), new Deposited(7, "food"), new Closed("moved"));
    private readonly InMemoryViewStore<PurposeDocument> _view = new();
    private readonly MultiDocumentWriter<Purposes, PurposeDocument> _writer;

    public MultiDocumentWriterTests() => _writer = new MultiDocumentWriter<Purposes, PurposeDocument>(new PurposeProjection(), _view, ReadAsync);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string streamId, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var e in _stream.Where(e => e.StreamId == streamId && e.Version >= from && e.Version <= to))
            yield return await Task.FromResult(e);
    }

    private async Task ApplyAsync(params int[] versions)
    {
        foreach (var version in versions)
            await _writer.ApplyAsync([_stream[version]], Stop);
    }

    [Fact]
    public async Task Each_document_is_written_once_for_the_event_that_made_it()
    {
        await ApplyAsync(0, 1, 2, 3, 3, 0);

        _view.Documents.Keys.Select(k => k.PartitionKey).ShouldBe(["rent", "food"], ignoreOrder: true);
        _view.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_writes_what_all_its_events_made()
    {
        await _writer.ApplyAsync(_stream, Stop);

        _view.Documents.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_read_without_what_is_missing_is_tried_again_later()
    {
        var seen = _stream[3];
        _stream.RemoveRange(2, 2);

        await Should.ThrowAsync<StaleReadException>(() => _writer.ApplyAsync([seen], Stop));
    }
}
