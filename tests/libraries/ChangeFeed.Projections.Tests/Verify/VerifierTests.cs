using System.Text.Json;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Projections.Tests.Verify;

public sealed class VerifierTests(AccountsOnStore store) : IClassFixture<AccountsOnStore>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Container View => store.Containers.Version(AccountsOnStore.View.Name, 1);

    [Fact]
    public async Task Whatever_is_wrong_is_told_with_stream_and_version_however_many_passes_it_takes()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => store.AppendAsync(new Opened("ada"), new Deposited(5, "rent"))));
        await store.FollowAsync(ids);
        (await store.VerifyAsync()).ShouldSatisfyAllConditions(
            r => r.Differences.ShouldBeEmpty(), r => r.Streams.ShouldBe(30), r => r.Events.ShouldBe(60), r => r.Documents.ShouldBe(60));

        await PatchAsync(ids[0], PatchOperation.Set("/balance", 1));
        await PatchAsync(ids[1], PatchOperation.Set("/version", 0));
        await View.DeleteItemAsync<object>(ids[2], new PartitionKey(ids[2]), cancellationToken: Stop);
        await PatchAsync(ids[3], PatchOperation.Set("/version", "no number"));
        using (var orphan = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(
            new AccountDocument("nobodys", "ada", 0, 0), AccountsJson.Default.AccountDocument)))
            (await View.CreateItemStreamAsync(orphan, new PartitionKey("nobodys"), cancellationToken: Stop)).EnsureSuccessStatusCode();

        foreach (var maxStreams in new[] { 100_000, 7 })
        {
            var differences = (await store.VerifyAsync(maxStreams)).Differences;
            differences.Count.ShouldBe(5);
            differences.ShouldContain(d => d.Contains(ids[0]) && d.Contains("has other content than its events say at version 1"));
            differences.ShouldContain(d => d.Contains(ids[1]) && d.Contains("is at version 0; its events are at 1"));
            differences.ShouldContain(d => d.Contains(ids[2]) && d.Contains("is missing; its events are at version 1"));
            differences.ShouldContain(d => d.Contains(ids[3]) && d.Contains("cannot be read"));
            differences.ShouldContain(d => d.Contains("nobodys") && d.Contains("belongs to no events"));
        }
    }

    private Task PatchAsync(string id, PatchOperation operation) =>
        View.PatchItemAsync<object>(id, new PartitionKey(id), [operation], cancellationToken: Stop);
}
