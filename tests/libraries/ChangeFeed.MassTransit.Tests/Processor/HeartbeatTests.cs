using ChangeFeed.EventStore;
using ChangeFeed.MassTransit.Tests.Support;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What others can read of an instance while it runs, on the real SDK and the embedded store.</summary>
public sealed class HeartbeatTests(Store store)
{
    private readonly Seen _seen = new();

    [Fact]
    public async Task An_instance_tells_what_it_owns_handles_and_cannot_get_past_and_says_good_bye()
    {
        await using var feed = await Feed.CreateAsync(store);
        var container = await store.CreateContainerAsync("/endpoint");
        var controls = new ChangeFeedControls(container, TimeProvider.System);
        var broken = true;
        _seen.Before = (e, _) => Volatile.Read(ref broken) && e.StreamId == "bad" ? throw new InvalidOperationException("cannot") : Task.CompletedTask;
        var host = await feed.StartAsync(
            _seen,
            endpoint =>
            {
                endpoint.AddConsumer<SeenConsumer>();
                endpoint.OnFailure = FailurePolicy.Block;
            },
            changeFeed => changeFeed.Controls(_ => container),
            settings => settings["ChangeFeed:HeartbeatInterval"] = settings["ChangeFeed:ControlInterval"] = "00:00:00.1");
        await feed.AppendAsync("a", 0, new ThingHappened(0));
        await feed.AppendAsync("bad", 0, new ThingHappened(0));

        var heartbeat = await UntilAsync(h => h.Handled == 1 && h.Blocked.Count == 1);
        heartbeat.Instance.ShouldBe(ServiceInstance.Name);
        heartbeat.Partitions.ShouldNotBeEmpty();
        heartbeat.InFlight.ShouldBe(1);
        heartbeat.Oldest.ShouldNotBeNull();
        var blocked = heartbeat.Blocked.Single();
        (blocked.StreamId, blocked.Version, blocked.Error).ShouldBe(("bad", 0, "cannot"));
        var error = heartbeat.LastError.ShouldNotBeNull();
        (error.StreamId, error.Version, error.Message).ShouldBe(("bad", 0, "cannot"));
        (await controls.AllAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty("a heartbeat is no order to pause");

        await controls.PauseAsync("test", "ada", "because", TestContext.Current.CancellationToken);
        await UntilAsync(h => h.Paused);
        await controls.ResumeAsync("test", "ada", cancellationToken: TestContext.Current.CancellationToken);
        Volatile.Write(ref broken, false);
        var after = await UntilAsync(h => h.Handled == 2 && h.Blocked.Count == 0 && h.InFlight == 0);
        after.LastError.ShouldBe(error with { At = after.LastError!.At });

        await feed.StopAsync(host);
        (await controls.HeartbeatsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();

        async Task<EndpointHeartbeat> UntilAsync(Func<EndpointHeartbeat, bool> holds)
        {
            EndpointHeartbeat? last = null;
            await Eventually.UntilAsync(
                async () => (last = (await controls.HeartbeatsAsync(TestContext.Current.CancellationToken)).SingleOrDefault()) is { } h && holds(h),
                "the heartbeat");
            return last!;
        }
    }
}
