using System.Runtime.CompilerServices;
using ChangeFeed.EventStore;
using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public class ViewWriterTests
{
    private readonly List<RecordedEvent> _stream = Accounts.Stream(
        new Opened("ada"), new Deposited(5, "rent"), new Deposited(7, "food"), new Closed("moved"));
    private readonly MemoryView _view = new();
    private readonly ViewWriter<AccountDocument> _writer;
    private int _reads;

    public ViewWriterTests() => _writer = new ViewWriter<AccountDocument>(new AccountProjection(), _view, ReadAsync);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string streamId, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _reads++;
        foreach (var e in _stream.Where(e => e.StreamId == streamId && e.Version >= from && e.Version <= to))
            yield return await Task.FromResult(e);
    }

    private async Task ApplyAsync(params int[] versions)
    {
        foreach (var version in versions)
            await _writer.ApplyAsync([_stream[version]], Stop);
    }

    [Fact]
    public async Task Events_in_order_give_the_folded_stream_without_reading_it()
    {
        await ApplyAsync(0, 1, 2, 3);

        _view.Document.ShouldBe(Accounts.Fold(_stream));
        (_reads, _view.Writes).ShouldBe((0, 4));
    }

    [Fact]
    public async Task A_key_that_only_the_first_event_tells_is_remembered()
    {
        var writer = new ViewWriter<AccountDocument>(new OwnerProjection(), _view, ReadAsync);
        foreach (var e in _stream)
            await writer.ApplyAsync([e], Stop);

        _view.Document!.Version.ShouldBe(3);
        _reads.ShouldBe(0);
    }

    [Fact]
    public async Task Redelivered_events_change_nothing()
    {
        await ApplyAsync(0, 1, 0, 1, 2, 1, 0);

        _view.Document!.Version.ShouldBe(2);
        _view.Writes.ShouldBe(3);
    }

    [Theory]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 0, 3 })]
    [InlineData(new[] { 0, 1, 3 })]
    public async Task Missed_events_are_read_from_the_stream(int[] delivered)
    {
        await ApplyAsync(delivered);

        _view.Document.ShouldBe(Accounts.Fold(_stream));
        _reads.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(2, 3)]
    public async Task A_run_of_events_is_one_write(int from, int to)
    {
        await ApplyAsync(0);
        await _writer.ApplyAsync(_stream[from..to], Stop);

        _view.Document.ShouldBe(Accounts.Fold(_stream.Take(to)));
        _view.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task A_write_that_lost_against_another_instance_is_decided_again()
    {
        await ApplyAsync(0);
        _view.BeforeNextWrite = () => _view.Set(Accounts.Fold(_stream.Take(2))!);

        await ApplyAsync(2);

        _view.Document.ShouldBe(Accounts.Fold(_stream.Take(3)));
    }

    [Fact]
    public async Task A_view_never_moves_backwards()
    {
        await ApplyAsync(0);
        _view.BeforeNextWrite = () => _view.Set(Accounts.Fold(_stream)!);

        await ApplyAsync(1);

        _view.Document!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_stream_read_without_what_is_missing_is_tried_again_later()
    {
        var seen = _stream[3];
        _stream.RemoveRange(2, 2);

        await Should.ThrowAsync<StaleReadException>(() => _writer.ApplyAsync([seen], Stop));

        _view.Document.ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_that_does_not_begin_as_the_view_expects_is_not_shown()
    {
        var other = Accounts.Stream(new Deposited(5, "rent"), new Closed("moved"));
        _stream.Clear();
        _stream.AddRange(other);

        await ApplyAsync(0, 1);

        _view.Document.ShouldBeNull();
    }

    private sealed class MemoryView : IViewStore<AccountDocument>
    {
        private int _etag;

        public AccountDocument? Document { get; private set; }

        public int Writes { get; private set; }

        public Action? BeforeNextWrite { get; set; }

        public void Set(AccountDocument document) => (Document, _etag) = (document, _etag + 1);

        public Task<(AccountDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken) =>
            Task.FromResult<(AccountDocument, string)?>(Document is { } document ? (document, $"{_etag}") : null);

        public Task<string?> TryWriteAsync(ViewKey key, AccountDocument document, string? etag, CancellationToken cancellationToken)
        {
            BeforeNextWrite?.Invoke();
            BeforeNextWrite = null;
            if (etag != (Document is null ? null : $"{_etag}"))
                return Task.FromResult<string?>(null);
            Writes++;
            Set(document);
            return Task.FromResult<string?>($"{_etag}");
        }
    }
}
