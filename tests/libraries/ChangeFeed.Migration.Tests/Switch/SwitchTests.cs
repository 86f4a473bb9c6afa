using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Migration.Tests.Switch;

/// <summary>A switch loses nothing that was acknowledged, there and back, whoever stands still or is killed.</summary>
public sealed class SwitchTests(TwoStores stores) : IClassFixture<TwoStores>
{
    [Fact]
    public async Task Writers_in_flight_lose_nothing_there_back_and_there_again()
    {
        var name = await stores.NewContainerAsync();
        await using var pool = await Writers.StartAsync(stores, name, writers: 6);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));

        foreach (var forward in (bool[])[true, false, true])
        {
            await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
            await pool.WroteAsync(50);
            var result = forward ? await migration.CutoverAsync(Say, TwoStores.Stop) : await migration.RollbackAsync(Say, TwoStores.Stop);
            Say($"{result}; longest wait of a writer {pool.LongestWait.TotalMilliseconds:0} ms");
            result.Silent.ShouldBe(0, "nobody had to be waited out");
            await pool.WroteAsync(50);
        }

        await pool.StopAsync();
        pool.Failures.ShouldBeEmpty();
        await pool.CheckAsync(stores.NewOf(name));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "the old side is current");
        (await migration.VerifyAsync(full: true, cancellationToken: TwoStores.Stop)).Differences.ShouldBeEmpty();
        await Eventually.UntilAsync(async () => await pool.IsCompleteAsync(stores.OldOf(name)), "the old side has all of it too");
    }

    [Fact]
    public async Task A_writer_that_stands_still_is_waited_out_and_what_it_wrote_late_was_never_acknowledged()
    {
        var name = await stores.NewContainerAsync();
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await migration.RunAsync(untilCurrent: true, TwoStores.Stop);
        var still = new EpochMember(stores.Documents, name, stores.Accounts, TimeProvider.System, TwoStores.Epochs);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var late = TwoStores.Directed(name, still, stores.Accounts).RunAsync(
            async container =>
            {
                begun.SetResult();
                await goOn.Task; // between looking at its grant and sending
                await TwoStores.PutAsync(container, "late", 1);
                return container.Id;
            },
            repeatable: false, TwoStores.Stop);
        await begun.Task;
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));

        var result = await migration.CutoverAsync(Say, TwoStores.Stop);
        result.Silent.ShouldBe(1);
        result.Downtime.ShouldBeGreaterThan(TwoStores.Epochs.Validity);
        goOn.SetResult();
        await Should.ThrowAsync<EpochEndedException>(late);
        (await TwoStores.AllAsync(stores.NewOf(name))).ShouldBeEmpty();
        await still.DisposeAsync();
    }

    [Fact]
    public async Task A_switch_that_is_killed_while_nobody_may_write_leaves_everything_as_it_was()
    {
        var name = await stores.NewContainerAsync();
        await using var pool = await Writers.StartAsync(stores, name, writers: 2);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");

        // As kill -9 leaves it: the plan is switching, the epoch is ending, and nobody does anything about it.
        var store = new MigrationStore(stores.Documents, name);
        await store.ChangePlanAsync(plan => plan with { State = MigrationState.Switching }, TwoStores.Stop);
        var directory = new EpochDirectory(stores.Documents, name);
        var (entry, etag) = await directory.ReadAsync(TwoStores.Stop);
        await directory.TrySetAsync(entry with { Closing = true }, etag, TwoStores.Stop);

        await Eventually.UntilAsync(
            async () => (await directory.ReadAsync(TwoStores.Stop)).Entry is { Closing: false } reopened && reopened.Serving == entry.Serving, "it goes on");
        await pool.WroteAsync(20);
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).Plan.State == MigrationState.Running, "carrying goes on");
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
        (await migration.CutoverAsync(Say, TwoStores.Stop)).Serving.ShouldBe(TwoStores.New(name));
        await pool.StopAsync();
        await pool.CheckAsync(stores.NewOf(name));
    }

    [Fact]
    public async Task Differences_prevent_a_cutover()
    {
        var name = await stores.NewContainerAsync();
        await TwoStores.PutAsync(stores.OldOf(name), "ann", 1);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await migration.RunAsync(untilCurrent: true, TwoStores.Stop);
        await stores.NewOf(name).UpsertItemAsync(new { id = "alien", tenant = "t", customer = "x" }, cancellationToken: TwoStores.Stop);
        (await Should.ThrowAsync<MigrationException>(() => migration.CutoverAsync(Say, TwoStores.Stop))).Message.ShouldContain("alien");
    }

    [Fact]
    public async Task No_reader_of_the_new_container_meets_a_mark_of_a_delete()
    {
        var name = await stores.NewContainerAsync();
        for (var i = 0; i < 20; i++)
            await TwoStores.PutAsync(stores.OldOf(name), "ann", i);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
        for (var i = 0; i < 10; i++)
            await stores.OldOf(name).DeleteItemAsync<Basket>($"{i}", new("ann"), cancellationToken: TwoStores.Stop);
        await migration.CutoverAsync(Say, TwoStores.Stop);
        using var count = stores.NewOf(name).GetItemQueryIterator<int>("SELECT VALUE COUNT(1) FROM c");
        (await count.ReadNextAsync(TwoStores.Stop)).Sum().ShouldBe(10);
    }

    [Fact]
    public async Task A_consumer_that_drained_the_old_feed_handles_each_document_once_on_the_new()
    {
        var name = await stores.NewContainerAsync();
        await using var pool = await Writers.StartAsync(stores, name, writers: 3);
        var migration = stores.Migration(name);
        await migration.PlanAsync(TwoStores.ToTenants(name), TwoStores.Stop);
        await using var running = new Background(stop => migration.RunAsync(cancellationToken: stop));
        await Eventually.UntilAsync(async () => (await migration.StatusAsync(TwoStores.Stop)).IsCurrent, "everything is carried");
        await pool.WroteAsync(30);
        await migration.CutoverAsync(Say, TwoStores.Stop);
        await pool.WroteAsync(30);
        await pool.StopAsync();
        await Eventually.UntilAsync(async () => await pool.IsCompleteAsync(stores.OldOf(name)), "the old side is current");

        // The rule of docs/migration.md: the old feed to its end, the new one from its beginning, and of both only what was written there.
        var handled = new List<string>();
        foreach (var container in (Container[])[stores.OldOf(name), stores.NewOf(name)])
            handled.AddRange((await TwoStores.AllAsync(container)).Where(d => !CarriedDocument.IsCarried(d)).Select(d => (string)d["id"]!));
        handled.Order().ShouldBe(pool.Acknowledged.Select(a => a.Id).Order());
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
