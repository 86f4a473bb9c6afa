using System.Collections.Concurrent;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Enrichment;
using ChangeFeed.Projections.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.Projections.Tests.Enrichment;

public class ReferenceFeedTests(AccountsOnStore store) : IClassFixture<AccountsOnStore>
{
    private readonly string _name = $"feed-{Guid.NewGuid():N}";
    private readonly string _id = $"acc-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_there_before_is_handled_and_what_is_changed_afterwards()
    {
        var handled = new ConcurrentQueue<string>();
        await MakeAsync(_id);
        using var feed = await StartAsync((id, _) =>
        {
            handled.Enqueue(id);
            return Task.CompletedTask;
        });
        await Eventually.UntilAsync(() => handled.Contains(_id));

        await MakeAsync(_id);

        await Eventually.UntilAsync(() => handled.Count(id => id == _id) == 2);
        (await StatusAsync(feed)).ShouldBe(HealthStatus.Healthy);
        await feed.StopAsync(Stop);
    }

    [Fact]
    public async Task What_fails_is_tried_until_it_is_done_and_health_is_red_meanwhile()
    {
        var (attempts, broken, others) = (0, true, new ConcurrentQueue<string>());
        using var feed = await StartAsync((id, _) =>
        {
            if (id != _id)
                others.Enqueue(id);
            else if (Interlocked.Increment(ref attempts) > 0 && Volatile.Read(ref broken))
                throw new IOException("not now");
            return Task.CompletedTask;
        });
        await MakeAsync(_id);
        await MakeAsync(_id + "-other");

        await Eventually.UntilAsync(() => attempts > 2 && others.Contains(_id + "-other"));
        (await feed.CheckHealthAsync(new(), Stop)).ShouldSatisfyAllConditions(
            h => h.Status.ShouldBe(HealthStatus.Unhealthy), h => h.Description!.ShouldContain("not now"));

        Volatile.Write(ref broken, false);
        await Eventually.UntilAsync(async () => await StatusAsync(feed) == HealthStatus.Healthy);
        await feed.StopAsync(Stop);
    }

    [Fact]
    public async Task What_an_instance_did_not_finish_another_one_does()
    {
        var begun = new TaskCompletionSource();
        using var first = await StartAsync(async (id, stop) =>
        {
            if (id != _id)
                return;
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        await MakeAsync(_id);
        await begun.Task.WaitAsync(Stop);
        await first.StopAsync(Stop);
        (await StatusAsync(first)).ShouldBe(HealthStatus.Healthy);

        var handled = new ConcurrentQueue<string>();
        using var second = await StartAsync((id, _) =>
        {
            handled.Enqueue(id);
            return Task.CompletedTask;
        });

        await Eventually.UntilAsync(() => handled.Contains(_id));
        await second.StopAsync(Stop);
    }

    private static async Task<HealthStatus> StatusAsync(ReferenceFeed feed) => (await feed.CheckHealthAsync(new(), Stop)).Status;

    private Task MakeAsync(string id) =>
        store.Documents.UpsertAsync(id, new AccountDocument(id, "ada", 0, 0), AccountsJson.Default.AccountDocument, Stop);

    private async Task<ReferenceFeed> StartAsync(HandleChange handle)
    {
        var options = new ChangeFeedOptions
        {
            PollInterval = TimeSpan.FromMilliseconds(50),
            LeaseAcquireInterval = TimeSpan.FromMilliseconds(100),
            LeaseRenewInterval = TimeSpan.FromMilliseconds(300),
            LeaseExpirationInterval = TimeSpan.FromSeconds(2),
        };
        var feed = new ReferenceFeed(
            _name, store.Documents, store.Leases, handle, options, TimeProvider.System, NullLogger<ReferenceFeed>.Instance);
        await feed.StartAsync(Stop);
        return feed;
    }
}
