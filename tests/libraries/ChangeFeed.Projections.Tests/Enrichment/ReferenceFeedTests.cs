using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using ChangeFeed.Projections.Enrichment;
using ChangeFeed.Projections.Tests.Support;
using Microsoft.Azure.Cosmos;
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
    public async Task Documents_that_always_fail_hold_up_no_later_change_and_are_not_forgotten()
    {
        var later = new ConcurrentQueue<string>();
        using var feed = await StartAsync((id, _) =>
        {
            if (id.StartsWith(_id, StringComparison.Ordinal))
                throw new IOException("never");
            later.Enqueue(id);
            return Task.CompletedTask;
        });
        var bad = Enumerable.Range(0, 60).Select(n => $"{_id}-{n}").ToList(); // so many that no partition is without one
        await Task.WhenAll(bad.Select(MakeAsync));
        await Eventually.UntilAsync(async () => await StatusAsync(feed) == HealthStatus.Unhealthy);

        var good = Enumerable.Range(0, 3).Select(n => $"later-{n}-{_id}").ToList();
        foreach (var id in good)
        {
            await MakeAsync(id); // each on a page of its own
            await Eventually.UntilAsync(() => later.Contains(id));
        }

        (await feed.CheckHealthAsync(new(), Stop)).Description!.ShouldContain("fails: never");
        await feed.StopAsync(Stop);

        // Nothing was noted beyond them: whoever reads on begins with them.
        var handled = new ConcurrentQueue<string>();
        using var second = await StartAsync((id, _) =>
        {
            handled.Enqueue(id);
            return Task.CompletedTask;
        });
        await Eventually.UntilAsync(() => bad.Concat(good).All(handled.Contains));
        await second.StopAsync(Stop);
    }

    [Fact]
    public async Task After_a_crash_another_instance_goes_on_when_the_lease_has_expired_and_not_much_later()
    {
        await MakeAsync(_id);
        var handled = new ConcurrentQueue<string>();
        using (var first = await StartAsync((id, _) =>
        {
            handled.Enqueue(id);
            return Task.CompletedTask;
        }))
        {
            await Eventually.UntilAsync(() => handled.Contains(_id));
            await first.StopAsync(Stop);
        }

        await MakeAsync(_id + "-after");
        await OwnAsync("somebody who crashed");
        var began = Stopwatch.GetTimestamp();
        using var second = await StartAsync(
            (id, _) =>
            {
                handled.Enqueue(id);
                return Task.CompletedTask;
            },
            expiration: TimeSpan.FromSeconds(5));

        await Eventually.UntilAsync(() => handled.Contains(_id + "-after"));
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await second.StopAsync(Stop);
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

    /// <summary>Makes the leases of the feed look as if an instance had renewed them this moment.</summary>
    private async Task OwnAsync(string owner)
    {
        var query = new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @name) AND IS_DEFINED(c.LeaseToken)").WithParameter("@name", _name);
        var leases = await store.Leases.QueryAsync(query, lease => lease.GetProperty("id").GetString()!, cancellationToken: Stop);
        leases.ShouldNotBeEmpty();
        foreach (var lease in leases)
        {
            using var response = await store.Leases.PatchItemStreamAsync(
                lease, new PartitionKey(lease), [PatchOperation.Set("/Owner", owner), PatchOperation.Set("/timestamp", DateTime.UtcNow)],
                cancellationToken: Stop);
            response.EnsureSuccessStatusCode();
        }
    }

    private async Task<ReferenceFeed> StartAsync(HandleChange handle, TimeSpan? expiration = null)
    {
        var options = new ChangeFeedOptions
        {
            PollInterval = TimeSpan.FromMilliseconds(50),
            LeaseAcquireInterval = TimeSpan.FromMilliseconds(100),
            LeaseRenewInterval = TimeSpan.FromMilliseconds(300),
            LeaseExpirationInterval = expiration ?? TimeSpan.FromSeconds(2),
        };
        var feed = new ReferenceFeed(
            _name, store.Documents, store.Leases, handle, options, TimeProvider.System, NullLogger<ReferenceFeed>.Instance);
        await feed.StartAsync(Stop);
        return feed;
    }
}
