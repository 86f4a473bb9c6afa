namespace ChangeFeed.Emulator.Model;

/// <summary>The throughput provisioned for a database or container. Nothing is limited by it; it is kept and shown.</summary>
/// <param name="AutoscaleMaximum">The maximum of autoscale; null for manual throughput.</param>
internal sealed record Offer(int Number, string ResourceRid, string ResourceSelf, int Throughput, int? AutoscaleMaximum, long Timestamp, string Etag)
{
    public string RidText { get; } = ResourceId.Offer(Number);
}
