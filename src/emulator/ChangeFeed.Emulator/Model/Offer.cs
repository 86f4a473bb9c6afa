namespace ChangeFeed.Emulator.Model;

/// <summary>The throughput provisioned for a database or container. Nothing is limited by it; it is kept and shown.</summary>
internal sealed record Offer(
    int Number, string ResourceRid, string ResourceSelf, ProvisionedThroughput Throughput, long Timestamp, string Etag)
{
    public string RidText { get; } = ResourceId.Offer(Number);
}

/// <summary>How much throughput there is.</summary>
/// <param name="UnitsPerSecond">Request units per second; with autoscale those it begins with.</param>
/// <param name="AutoscaleMaximum">How far autoscale goes; null for manual throughput.</param>
/// <param name="UpgradePercent">By how much the service raises that maximum when the data grows; null where it leaves it. Here nothing grows.</param>
internal readonly record struct ProvisionedThroughput(int UnitsPerSecond, int? AutoscaleMaximum = null, int? UpgradePercent = null)
{
    /// <summary>The most it can be.</summary>
    public int Most => AutoscaleMaximum ?? UnitsPerSecond;
}
