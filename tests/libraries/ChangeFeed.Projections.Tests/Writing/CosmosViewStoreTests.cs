using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Writing;

namespace ChangeFeed.Projections.Tests.Writing;

public sealed class CosmosViewStoreTests(AccountsOnStore store) : IClassFixture<AccountsOnStore>
{
    private readonly AccountDocument _document = new($"{Guid.NewGuid()}", "ada", 0, 0);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CosmosViewStore<AccountDocument> View => new(store.Containers.Version(AccountsOnStore.View.Name, 1), AccountsJson.Default.AccountDocument);

    private ViewKey Key => ViewKey.ById(_document.Id);

    [Fact]
    public async Task Only_one_of_two_writers_of_the_same_document_wins()
    {
        (await View.TryWriteAsync(Key, _document, null, Stop)).ShouldNotBeNull();
        (await View.TryWriteAsync(Key, _document, null, Stop)).ShouldBeNull();

        var etag = (await View.ReadAsync(Key, Stop))!.Value.ETag;
        (await View.TryWriteAsync(Key, _document with { Version = 1 }, etag, Stop)).ShouldNotBeNull();
        (await View.TryWriteAsync(Key, _document with { Version = 2 }, etag, Stop)).ShouldBeNull();
        (await View.ReadAsync(Key, Stop))!.Value.Document.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_document_deleted_since_it_was_read_is_not_written() =>
        (await View.TryWriteAsync(Key, _document, "\"some\"", Stop)).ShouldBeNull();
}
