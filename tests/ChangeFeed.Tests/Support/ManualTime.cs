namespace OrderPipeline.ChangeFeed.Tests.Support;

/// <summary>A clock that stands until it is moved. Its timers are real.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
