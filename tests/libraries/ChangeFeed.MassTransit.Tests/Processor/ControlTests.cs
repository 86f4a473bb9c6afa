using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>Pause and resume, kill switch, lag and health on the real SDK and the embedded store.</summary>
public sealed class ControlTests(Store store)
{
    private readonly Seen _seen = new();

    [Fact]
    public async Task A_paused_endpoint_handles_nothing_keeps_its_leases_and_goes_on_when_resumed()
    {
        await using var feed = await Feed.CreateAsync(store);
        var container = await store.CreateContainerAsync("/endpoint");
        var controls = new ChangeFeedControls(container, TimeProvider.System);
        var host = await StartAsync(feed, f => f.Controls(_ => container));
        await feed.AppendAsync("a", 0, new ThingHappened(0));
        await Eventually.UntilAsync(() => _seen.Has("a", 0), "the first event");

        await controls.PauseAsync("test", "ada", "the tax office moves", Cancel);
        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Degraded, "it is paused");
        (await HealthAsync(host)).Description!.ShouldContain("paused by ada");
        await feed.AppendAsync("a", 1, new ThingHappened(1));
        await Eventually.UntilAsync(() => Behind(host) == 1, "the event waits");
        _seen.Has("a", 1).ShouldBeFalse();
        (await ProcessorTests.OwnersAsync(feed)).ShouldAllBe(owner => owner != null);

        await controls.ResumeAsync("test", "ben", cancellationToken: Cancel);
        await Eventually.UntilAsync(() => _seen.Has("a", 1), "the second event");
        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Healthy, "healthy again");
        (await controls.GetAsync("test", Cancel))!.History.Single().Reason.ShouldBe("the tax office moves");
    }

    [Fact]
    public async Task A_sick_downstream_trips_the_kill_switch_instead_of_parking_everything()
    {
        await using var feed = await Feed.CreateAsync(store);
        var letters = await store.CreateContainerAsync("/endpoint");
        var sick = true;
        _seen.Before = (_, _) => Volatile.Read(ref sick) ? throw new TimeoutException("no answer") : Task.CompletedTask;
        var host = await StartAsync(
            feed,
            f => f.DeadLetters(_ => letters),
            endpoint => endpoint.KillSwitch = new KillSwitchSettings(0.5, 5, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(500)));
        for (var i = 0; i < 60; i++)
            await feed.AppendAsync($"s{i}", 0, new ThingHappened(i));

        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Description?.Contains("kill switch") == true, "it tripped");
        Volatile.Write(ref sick, false);

        var client = new DeadLetterClient(letters, TimeProvider.System);
        await Eventually.UntilAsync(async () => _seen.Events.Count + (await client.ParkedAsync("test", Cancel)).Count == 60, "the rest is handled");
        (await client.ParkedAsync("test", Cancel)).Count.ShouldBeLessThan(5);
        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Healthy, "healthy again");
    }

    [Fact]
    public async Task An_event_that_blocks_turns_health_red_and_is_named()
    {
        await using var feed = await Feed.CreateAsync(store);
        var broken = true;
        _seen.Before = (e, _) => Volatile.Read(ref broken) && e.StreamId == "bad" ? throw new InvalidOperationException("cannot") : Task.CompletedTask;
        var host = await StartAsync(feed);
        await feed.AppendAsync("bad", 0, new ThingHappened(0));

        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Unhealthy, "red");
        (await HealthAsync(host)).Description!.ShouldContain("blocked on event 0 of stream bad");
        Volatile.Write(ref broken, false);
        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Healthy, "healthy again");
    }

    [Fact]
    public async Task A_partition_that_does_not_move_turns_health_red_and_tells_owner_and_lag()
    {
        await using var feed = await Feed.CreateAsync(store);
        var release = new TaskCompletionSource();
        _seen.Before = (_, token) => release.Task.WaitAsync(token);
        var host = await StartAsync(feed, settings: s => s["ChangeFeed:StallAfter"] = "00:00:01");
        await feed.AppendAsync("a", 0, new ThingHappened(0));

        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Unhealthy, "red");
        (await HealthAsync(host)).Description!.ShouldContain("does not move; 1 transactions wait");
        release.SetResult();
        await Eventually.UntilAsync(async () => (await HealthAsync(host)).Status == HealthStatus.Healthy, "healthy again");
        await Eventually.UntilAsync(() => Behind(host) == 0, "nothing is left");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<IHost> StartAsync(
        Feed feed, Action<ChangeFeedConfigurator>? configure = null, Action<ChangeFeedEndpointConfigurator>? endpoint = null, Action<IDictionary<string,
        string?>>? settings = null) => feed.StartAsync(
        _seen,
        e =>
        {
            e.AddConsumer<SeenConsumer>();
            e.OnFailure = configure is null || endpoint is null ? FailurePolicy.Block : FailurePolicy.Park;
            endpoint?.Invoke(e);
        },
        configure,
        values =>
        {
            values["ChangeFeed:ControlInterval"] = "00:00:00.100";
            values["ChangeFeed:LagInterval"] = "00:00:00.200";
            settings?.Invoke(values);
        });

    private static async Task<HealthReportEntry> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries["change-feed"];

    private static long Behind(IHost host) =>
        host.Services.GetRequiredService<ChangeFeed.MassTransit.Rider.FeedEndpoints>().All.Single().Lag!.Partitions.Sum(partition => partition.Behind);
}
