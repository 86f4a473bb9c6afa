using System.Globalization;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>What session tokens say of regions: how often the write region has changed, and which it is.</summary>
internal sealed record RegionSession(int Epoch, int WriteRegion)
{
    /// <summary><c>version#lsn#region=lsn</c>: with one write region its part is the whole.</summary>
    public string Token(long lsn) => string.Create(CultureInfo.InvariantCulture, $"{Epoch}#{lsn}#{WriteRegion}={lsn}");
}
