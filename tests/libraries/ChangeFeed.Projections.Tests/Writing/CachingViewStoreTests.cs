using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public class CachingViewStoreTests
{
    private readonly CountingStore _store = new();
    private readonly CachingViewStore<AccountDocument> _view;
    private readonly AccountDocument _opened = new(Accounts.Id, "ada", 0, 0);

    public CachingViewStoreTests() => _view = new(_store);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ViewKey Key => ViewKey.ById(_opened.Id);

    [Fact]
    public async Task A_document_it_wrote_is_read_without_asking_the_store_and_can_be_written_over()
    {
        var etag = await _view.TryWriteAsync(Key, _opened, null, Stop);

        (await _view.ReadAsync(Key, Stop)).ShouldBe((_opened, etag!));
        (await _view.TryWriteAsync(Key, _opened with { Version = 1 }, etag, Stop)).ShouldNotBeNull();
        _store.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task What_it_did_not_write_is_read_every_time()
    {
        await _store.TryWriteAsync(Key, _opened, null, Stop);

        await _view.ReadAsync(Key, Stop);
        await _view.ReadAsync(Key, Stop);

        _store.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task Who_was_overtaken_is_refused_and_reads_what_is_there()
    {
        var etag = await _view.TryWriteAsync(Key, _opened, null, Stop);
        await _store.TryWriteAsync(Key, _opened with { Version = 5 }, etag, Stop);

        (await _view.TryWriteAsync(Key, _opened with { Version = 1 }, etag, Stop)).ShouldBeNull();
        (await _view.ReadAsync(Key, Stop))!.Value.Document.Version.ShouldBe(5);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_not_remembered_nor_is_what_was_there_before()
    {
        var etag = await _view.TryWriteAsync(Key, _opened, null, Stop);
        _store.LosesAnswers = true;
        await Should.ThrowAsync<IOException>(() => _view.TryWriteAsync(Key, _opened with { Version = 1 }, etag, Stop));

        (await _view.ReadAsync(Key, Stop))!.Value.Document.Version.ShouldBe(1);
    }

    private sealed class CountingStore : IViewStore<AccountDocument>
    {
        private readonly InMemoryViewStore<AccountDocument> _documents = new();

        public int Reads { get; private set; }

        public bool LosesAnswers { get; set; }

        public Task<(AccountDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken)
        {
            Reads++;
            return _documents.ReadAsync(key, cancellationToken);
        }

        public async Task<string?> TryWriteAsync(ViewKey key, AccountDocument document, string? etag, CancellationToken cancellationToken)
        {
            var written = await _documents.TryWriteAsync(key, document, etag, cancellationToken);
            return LosesAnswers ? throw new IOException("The answer was lost.") : written;
        }
    }
}
