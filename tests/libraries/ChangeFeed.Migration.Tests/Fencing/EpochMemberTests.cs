using ChangeFeed.Migration.Fencing;
using ChangeFeed.Migration.Plan;
using ChangeFeed.Migration.Tests.Support;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Time.Testing;

namespace ChangeFeed.Migration.Tests.Fencing;

/// <summary>What is acknowledged was done while its epoch was not over, also where clocks and processes stand still.</summary>
public sealed class EpochMemberTests(TwoStores stores) : IClassFixture<TwoStores>
{
    private readonly string _name = $"d-{Guid.NewGuid():N}";

    private EpochDirectory Directory => new(stores.Documents, _name);

    [Fact]
    public async Task Operations_go_to_the_container_that_serves()
    {
        await ServeAsync();
        await using var member = Member();
        var directed = TwoStores.Directed("old", member, stores.Accounts);
        (await directed.RunAsync(container => Task.FromResult(container.Id), true, TwoStores.Stop)).ShouldBe("old");
    }

    [Fact]
    public async Task While_an_epoch_ends_callers_wait_and_go_on_where_the_next_serves()
    {
        await ServeAsync();
        await using var member = Member();
        var directed = TwoStores.Directed("old", member, stores.Accounts);
        await directed.RunAsync(_ => Task.FromResult(0), true, TwoStores.Stop);
        await ChangeAsync(entry => entry with { Closing = true });
        await ClosedAsync(1);
        var waiting = directed.RunAsync(container => Task.FromResult(container.Id), true, TwoStores.Stop);
        waiting.IsCompleted.ShouldBeFalse();
        await LeadToAsync(TwoStores.New("new"));
        await ChangeAsync(entry => entry.Reopened() with { Serving = TwoStores.New("new") });
        (await waiting).ShouldBe("new");
    }

    [Fact]
    public async Task A_member_says_that_it_is_done_only_when_nothing_runs()
    {
        await ServeAsync();
        await ChangeAsync(entry => entry with { Watch = true });
        await using var member = Member(validity: TimeSpan.FromSeconds(60));
        var directed = TwoStores.Directed("old", member, stores.Accounts);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = directed.RunAsync(async _ =>
        {
            begun.SetResult();
            await goOn.Task;
            return "done";
        }, false, TwoStores.Stop);
        await begun.Task;
        await ChangeAsync(entry => entry with { Closing = true });
        await Eventually.UntilAsync(async () => (await Directory.MembersAsync(TwoStores.Stop)).Single().Watching, "it has seen that the epoch ends");
        (await Directory.MembersAsync(TwoStores.Stop)).Single().Closed.ShouldBeNull();
        goOn.SetResult();
        (await running).ShouldBe("done");
        await ClosedAsync(1);
    }

    [Fact]
    public async Task What_ends_after_its_grant_ran_out_under_an_ending_epoch_is_not_acknowledged()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await ServeAsync();
        await using var member = Member(time);
        var directed = TwoStores.Directed("old", member, stores.Accounts);
        var failure = await Should.ThrowAsync<EpochEndedException>(() => directed.RunAsync(async _ =>
        {
            await ChangeAsync(entry => entry with { Closing = true });
            time.Advance(TwoStores.Epochs.Validity); // the process stood still: a switch need not wait any longer
            return 0;
        }, repeatable: false, TwoStores.Stop));
        failure.Message.ShouldContain("do it again");
    }

    [Fact]
    public async Task What_ends_after_its_grant_ran_out_is_acknowledged_if_the_epoch_is_still_open()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await ServeAsync();
        await using var member = Member(time);
        (await TwoStores.Directed("old", member, stores.Accounts).RunAsync(_ =>
        {
            time.Advance(TwoStores.Epochs.Validity * 3);
            return Task.FromResult(5);
        }, repeatable: false, TwoStores.Stop)).ShouldBe(5);
    }

    [Fact]
    public async Task A_clock_that_stood_still_while_the_machine_was_suspended_is_noticed_by_the_one_on_the_wall()
    {
        var time = new SuspendedTime();
        await ServeAsync();
        await using var member = Member(time);
        await Should.ThrowAsync<EpochEndedException>(() => TwoStores.Directed("old", member, stores.Accounts).RunAsync(async _ =>
        {
            await ChangeAsync(entry => entry.Reopened() with { Serving = TwoStores.New("new") });
            time.Suspended = TwoStores.Epochs.Validity * 2;
            return 0;
        }, repeatable: false, TwoStores.Stop));
    }

    [Fact]
    public async Task Where_no_epoch_follows_the_one_that_ends_goes_on()
    {
        await ServeAsync();
        await using var member = Member();
        var directed = TwoStores.Directed("old", member, stores.Accounts);
        await directed.RunAsync(_ => Task.FromResult(0), true, TwoStores.Stop);
        await ChangeAsync(entry => entry with { Closing = true }); // and whoever did that is killed
        await ClosedAsync(1);
        (await directed.RunAsync(container => Task.FromResult(container.Id), true, TwoStores.Stop)).ShouldBe("old");
        (await Directory.ReadAsync(TwoStores.Stop)).Entry.Epoch.ShouldBe(2);
    }

    private Task ServeAsync() => Directory.TrySetAsync(
        new DirectoryEntry(DirectoryEntry.Document, _name, 1, TwoStores.Old("old")), null, TwoStores.Stop);

    private async Task LeadToAsync(ContainerLocation there)
    {
        Database database = await stores.Accounts.Client(there).CreateDatabaseIfNotExistsAsync(there.Database);
        await database.CreateContainerIfNotExistsAsync(new ContainerProperties(there.Container, "/customer"));
        var plan = new MigrationPlan(MigrationPlan.Document, _name, "key", TwoStores.Old("old"), there) { Generation = 2 };
        await new MigrationStore(stores.Documents, _name).TrySetPlanAsync(plan, null, TwoStores.Stop);
    }

    private EpochMember Member(TimeProvider? time = null, TimeSpan? validity = null) => new(
        stores.Documents, _name, stores.Accounts, time ?? TimeProvider.System,
        TwoStores.Epochs with { Validity = validity ?? TwoStores.Epochs.Validity });

    private async Task ChangeAsync(Func<DirectoryEntry, DirectoryEntry> change)
    {
        var (entry, etag) = await Directory.ReadAsync(TwoStores.Stop);
        (await Directory.TrySetAsync(change(entry), etag, TwoStores.Stop)).ShouldNotBeNull();
    }

    private Task ClosedAsync(long epoch) => Eventually.UntilAsync(
        async () => (await Directory.MembersAsync(TwoStores.Stop)).All(m => m.Closed == epoch), "all members say they are done");

    /// <summary>The clock on the wall goes on while the other one stands.</summary>
    private sealed class SuspendedTime : TimeProvider
    {
        public TimeSpan Suspended { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Suspended;
    }
}
