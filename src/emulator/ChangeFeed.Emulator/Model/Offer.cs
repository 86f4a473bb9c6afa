namespace ChangeFeed.Emulator.Model;

/// <summary>
/// The throughput provisioned for a database or container. Nothing is limited by it; it is kept and shown. AutoscaleMaximum is null for
/// manual throughput.
/// </summary>
internal sealed record Offer(
    int Number, string ResourceRid, string ResourceSelf, int Throughput, int? AutoscaleMaximum, long Timestamp, string Etag)
{
    public string RidText { get; } = ResourceId.Offer(Number);
}
