using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What a checkpoint costs, and that saving requests never writes over what another has written.</summary>
public sealed class LeaseCheckpointTests(Store store)
{
    private const string Id = "test:host..0";

    [Fact]
    public async Task A_checkpoint_further_on_needs_no_new_etag()
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        var acquired = await CreateAsync(leases, "a");
        var first = await PutAsync(leases, "a", "1", acquired);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await PutAsync(leases, "a", "2", acquired)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(leases, "a", "10", acquired)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("a", "2")] // what the renewal read before the checkpoint
    [InlineData("a", "1")]
    [InlineData("a", null)]
    [InlineData("b", "3")] // acquired with what was read before
    [InlineData(null, "3")] // given back
    public async Task Any_other_write_with_an_old_etag_is_refused(string? owner, string? continuation)
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        var acquired = await CreateAsync(leases, "a");
        await PutAsync(leases, "a", "2", acquired);

        (await PutAsync(leases, owner, continuation, acquired)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_lease_that_another_instance_has_taken_is_refused_and_stays_its()
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        using var elsewhere = store.CreateClient();
        var acquired = await CreateAsync(leases, "a");
        var written = await PutAsync(leases, "a", "1", acquired);
        var theirs = elsewhere.GetContainer(leases.Database.Id, leases.Id);
        (await PutAsync(theirs, "b", "1", written.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await PutAsync(leases, "a", "2", acquired)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await PutAsync(leases, "a", "3", acquired)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await OwnerAsync(leases)).ShouldBe("b");
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_not_taken_again_by_a_late_checkpoint()
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        var acquired = await CreateAsync(leases, "a");
        var written = await PutAsync(leases, "a", "1", acquired);
        (await PutAsync(leases, null, "1", written.Headers.ETag)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await PutAsync(leases, "a", "2", acquired)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await OwnerAsync(leases)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_written_last_is_read_without_a_request_once()
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        var written = await PutAsync(leases, "a", "1", await CreateAsync(leases, "a"));
        using var elsewhere = store.CreateClient();
        var theirs = await PutAsync(elsewhere.GetContainer(leases.Database.Id, leases.Id), "b", "1", written.Headers.ETag);

        var (owner, etag) = await ReadAsync(leases);
        (owner, etag).ShouldBe(("a", written.Headers.ETag));
        (await PutAsync(leases, "a", "1", etag)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);

        (await ReadAsync(leases)).ShouldBe(("b", theirs.Headers.ETag));
        (await ReadAsync(leases)).ShouldBe(("b", theirs.Headers.ETag));
    }

    [Fact]
    public async Task What_was_given_back_is_read_in_the_store()
    {
        var leases = await store.CreateContainerAsync("/id", ttl: -1);
        var written = await PutAsync(leases, null, "1", await CreateAsync(leases, "a"));
        using var elsewhere = store.CreateClient();
        var theirs = await PutAsync(elsewhere.GetContainer(leases.Database.Id, leases.Id), "b", "1", written.Headers.ETag);

        (await ReadAsync(leases)).ShouldBe(("b", theirs.Headers.ETag));
    }

    [Fact]
    public async Task A_processor_renews_a_lease_with_one_request()
    {
        await using var feed = await Feed.CreateAsync(store);
        var requests = new LeaseRequests();
        using var client = store.CreateClient(new ChangeFeedRequestHandler(TimeSpan.FromSeconds(20)), new LeaseCheckpointHandler(), requests);
        await feed.StartAsync(new Seen(), client: client);
        await Eventually.UntilAsync(() => requests.Written >= 8, "the leases are taken, and each is renewed once");
        requests.Clear();

        await Eventually.UntilAsync(() => requests.Written >= 8, "each is renewed twice");

        requests.Refused.ShouldBe(0);
        requests.Read.ShouldBe(0);
    }

    [Fact]
    public async Task A_processor_writes_a_checkpoint_with_one_request()
    {
        await using var feed = await Feed.CreateAsync(store);
        var requests = new LeaseRequests();
        using var client = store.CreateClient(new ChangeFeedRequestHandler(TimeSpan.FromSeconds(20)), requests);
        var seen = new Seen();
        await feed.StartAsync(seen, settings: values => values["ChangeFeed:LeaseRenewInterval"] = "00:00:01.500", client: client);
        await CheckpointAsync(0);

        // The renewal writes the lease too, after which the next checkpoint is refused once.
        await Eventually.UntilAsync(async () =>
        {
            requests.Clear();
            var version = seen.VersionsOf("s").Max() + 1;
            await CheckpointAsync(version);
            return requests.Refused == 0 && requests.Written == 1;
        }, "a checkpoint between two renewals");

        async Task CheckpointAsync(long version)
        {
            await feed.AppendAsync("s", version, new Support.ThingHappened((int)version));
            await Eventually.UntilAsync(() => seen.Has("s", version) && requests.Written > 0, "the event is checkpointed");
        }
    }

    private static async Task<string> CreateAsync(Container leases, string owner)
    {
        using var body = Body(owner, null);
        using var response = await leases.CreateItemStreamAsync(body, new PartitionKey(Id), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.ETag;
    }

    private static async Task<ResponseMessage> PutAsync(Container leases, string? owner, string? continuation, string etag)
    {
        using var body = Body(owner, continuation);
        return await leases.ReplaceItemStreamAsync(
            body, Id, new PartitionKey(Id), new ItemRequestOptions { IfMatchEtag = etag }, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> OwnerAsync(Container leases) => (await ReadAsync(leases)).Owner;

    private static async Task<(string? Owner, string ETag)> ReadAsync(Container leases)
    {
        var read = await leases.ReadItemAsync<System.Text.Json.JsonElement>(Id, new PartitionKey(Id), cancellationToken: TestContext.Current.CancellationToken);
        read.Resource.GetProperty("_etag").GetString().ShouldBe(read.ETag);
        return (read.Resource.GetProperty("Owner").GetString(), read.ETag);
    }

    private static MemoryStream Body(string? owner, string? continuation) => new(Encoding.UTF8.GetBytes(
        $$"""{"id":"{{Id}}","LeaseToken":"0","Owner":{{Json(owner)}},"ContinuationToken":{{Json(continuation is null ? null : $"\"{continuation}\"")}}}"""));

    private static string Json(string? text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>Counts the reads and writes of leases that leave the client.</summary>
    private sealed class LeaseRequests : RequestHandler
    {
        private int _written;
        private int _refused;
        private int _read;

        public int Written => Volatile.Read(ref _written);

        public int Refused => Volatile.Read(ref _refused);

        public int Read => Volatile.Read(ref _read);

        public void Clear()
        {
            Volatile.Write(ref _read, 0);
            Volatile.Write(ref _written, 0);
            Volatile.Write(ref _refused, 0);
        }

        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Put && response.IsSuccessStatusCode)
                Interlocked.Increment(ref _written);
            if (request.Method == HttpMethod.Get && request.RequestUri.OriginalString.Contains("..", StringComparison.Ordinal))
                Interlocked.Increment(ref _read);
            if (request.Method == HttpMethod.Put && response.StatusCode == HttpStatusCode.PreconditionFailed)
                Interlocked.Increment(ref _refused);
            return response;
        }
    }
}
