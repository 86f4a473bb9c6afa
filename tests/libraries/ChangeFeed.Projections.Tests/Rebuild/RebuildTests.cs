using ChangeFeed.Projections.Rebuild;
using ChangeFeed.Projections.Tests.Support;
using ChangeFeed.Projections.Versions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Tests.Rebuild;

public sealed class RebuildTests : IAsyncLifetime
{
    private readonly AccountsOnStore _store = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_new_version_is_as_the_old_one_and_readers_get_it()
    {
        var id = await FilledAsync();

        (await RebuildAsync()).ShouldBe(2);

        (await VersionsAsync()).ShouldSatisfyAllConditions(v => v.Read.ShouldBe([2]), v => v.Write.ShouldBe([2, 1]));
        (await ReadAsync(id))!.Balance.ShouldBe(12);
        (await _store.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Running views")]
    [InlineData("Building")]
    [InlineData("Comparing")]
    [InlineData("All readers")]
    [InlineData("Making sure")]
    public async Task A_rebuild_that_ends_anywhere_is_gone_on_with_by_the_next_one(string step)
    {
        var id = await FilledAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var progress = new RecordedProgress { OnStep = begun => { if (begun.StartsWith(step, StringComparison.Ordinal)) cancel.Cancel(); } };

        await Should.ThrowAsync<OperationCanceledException>(() => _store.Rebuilder(progress).RunAsync(AccountsOnStore.View, false, cancel.Token));
        (await VersionsAsync()).Serving.ShouldBe(1);

        (await RebuildAsync()).ShouldBe(2);
        (await ReadAsync(id))!.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_version_that_differs_serves_only_when_that_is_accepted()
    {
        var id = await FilledAsync();
        await View(1).PatchItemAsync<object>(id, new PartitionKey(id), [PatchOperation.Set("/balance", 1000)], cancellationToken: Stop);

        var progress = new RecordedProgress();
        await Should.ThrowAsync<ViewCommandException>(() => _store.Rebuilder(progress).RunAsync(AccountsOnStore.View, false, Stop));
        progress.Lines.ShouldContain(line => line.Contains($"{id}: different content at version 2"));
        (await VersionsAsync()).Serving.ShouldBe(1);

        (await RebuildAsync(acceptDifferences: true)).ShouldBe(2);
        (await ReadAsync(id))!.Balance.ShouldBe(12);
    }

    [Fact]
    public async Task Two_rebuilds_at_once_end_with_the_same_version()
    {
        await FilledAsync();

        (await Task.WhenAll(RebuildAsync(), RebuildAsync())).ShouldBe([2, 2]);

        (await _store.VerifyAsync()).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_version_is_removed_when_nobody_reads_it()
    {
        await FilledAsync();
        await RebuildAsync();
        (await Should.ThrowAsync<ViewCommandException>(() => RebuildAsync())).Message.ShouldContain("remove accounts v1");

        (await Should.ThrowAsync<ViewCommandException>(() => RemoveAsync(2))).Message.ShouldContain("serves");
        (await Should.ThrowAsync<ViewCommandException>(() => RemoveAsync(9))).Message.ShouldContain("There is no v9");
        await RemoveAsync(1);
        await RemoveAsync(1);

        (await VersionsAsync()).Write.ShouldBe([2]);
        (await View(1).ReadContainerStreamAsync(cancellationToken: Stop)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    private async Task<string> FilledAsync()
    {
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => _store.AppendAsync(new Opened("ada"), new Deposited(5, "rent"), new Deposited(7, "food"))));
        await _store.FollowAsync(streams);
        return streams[0];
    }

    private Container View(int version) => _store.Containers.Version(AccountsOnStore.View.Name, version);

    private Task<int> RebuildAsync(bool acceptDifferences = false) => _store.Rebuilder().RunAsync(AccountsOnStore.View, acceptDifferences, Stop);

    private Task RemoveAsync(int version) => new VersionRemoval(_store.Containers, TimeProvider.System).RunAsync(AccountsOnStore.View.Name, version, Stop);

    private Task<ViewVersions> VersionsAsync() => _store.Directory.ReadAsync(AccountsOnStore.View.Name, Stop);

    private Task<AccountDocument?> ReadAsync(string id) => new ViewReader(_store.Containers, new ViewDirectory(_store.Containers, TimeProvider.System))
        .ReadAsync(AccountsOnStore.View.Name, id, id, AccountsJson.Default.AccountDocument, d => d.Version, Stop);
}
