using ChangeFeed.MassTransit.Engine;
using ChangeFeed.MassTransit.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChangeFeed.MassTransit.Tests.Engine;

/// <summary>Leases come and go, and the news of it may be late.</summary>
public sealed class TenureTests : IEventHandling
{
    private readonly TaskCompletionSource _release = new();
    private readonly EndpointEngine _engine;
    private int _started;
    private int _cancelled;

    public TenureTests()
    {
        _engine = new EndpointEngine("test", this, new StreamLimit(), TimeProvider.System, NullLogger.Instance);
        _engine.Open(new SessionLimits(4, 100, TimeSpan.Zero));
    }

    [Fact]
    public async Task Late_news_of_a_former_release_does_not_end_the_session_of_the_present_tenure()
    {
        using var tenure = new CancellationTokenSource();
        await _engine.OnLeaseAcquiredAsync("0");
        await _engine.OnPageAsync(Page(), tenure.Token);
        await Eventually.UntilAsync(() => _started == 1, "it is being handled");

        await _engine.OnLeaseReleasedAsync("0");

        _engine.Find("0").ShouldNotBeNull().HasEnded.ShouldBeFalse();
        _release.SetResult();
        await Eventually.UntilAsync(() => _engine.Find("0")!.InFlight == 0, "it is finished");
        _cancelled.ShouldBe(0);
    }

    [Fact]
    public async Task After_its_session_ended_a_tenure_gets_no_second_one_that_could_checkpoint_past_what_the_first_left()
    {
        using var tenure = new CancellationTokenSource();
        await _engine.OnPageAsync(Page(), tenure.Token);
        await _engine.OnLeaseAcquiredAsync("0"); // begins anew, as if the release had never been told
        _cancelled.ShouldBe(1);

        await Should.ThrowAsync<OperationCanceledException>(() => _engine.OnPageAsync(Page(), tenure.Token));

        using var next = new CancellationTokenSource();
        await _engine.OnPageAsync(Page(), next.Token);
        await Eventually.UntilAsync(() => _started == 2, "the next tenure works");
    }

    [Fact]
    public async Task A_checkpoint_that_finds_the_lease_with_another_instance_ends_the_session()
    {
        using var tenure = new CancellationTokenSource();
        var checkpoints = 0;
        await _engine.OnPageAsync(new FeedPage("0", [], () => throw new FeedLeaseLostException($"0, {++checkpoints}")), tenure.Token);

        await Eventually.UntilAsync(() => _engine.Find("0")!.HasEnded, "it ends");
        await Should.ThrowAsync<OperationCanceledException>(() => _engine.OnPageAsync(Page(), tenure.Token));
        checkpoints.ShouldBe(1);
    }

    Task IEventHandling.PrepareAsync(string lease, CancellationToken cancellationToken) => Task.CompletedTask;

    void IEventHandling.Saw(FeedItem item)
    {
    }

    bool IEventHandling.Wants(FeedItem item) => true;

    async Task<TimeSpan?> IEventHandling.HandleAsync(FeedItem item, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _started);
        try
        {
            await _release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }

        return null;
    }

    void IEventHandling.Forget(string lease)
    {
    }

    private static FeedPage Page() => new("0", [TestEvents.Document("a", 0, new ThingHappened(0))], () => Task.CompletedTask);
}
