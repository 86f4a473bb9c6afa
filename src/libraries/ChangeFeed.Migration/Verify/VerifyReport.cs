namespace ChangeFeed.Migration.Verify;

/// <summary>What comparing both sides gave.</summary>
/// <param name="Source">Documents of the side that is carried from, as counted.</param>
/// <param name="Target">Documents of the other side, without the marks of deletes.</param>
/// <param name="Compared">Documents that were compared this time, of both sides.</param>
/// <param name="Differences">What differs, a line each, with its key; only the first <see cref="Told"/>.</param>
/// <param name="Different">How many differ.</param>
/// <param name="RequestUnits">What it cost.</param>
public sealed record VerifyReport(
    long Source, long Target, long Compared, IReadOnlyList<string> Differences, long Different, double RequestUnits)
{
    /// <summary>Most differences that are told one by one.</summary>
    public const int Told = 100;

    /// <summary>Whether both sides are the same, as far as was looked.</summary>
    public bool IsClean => Different == 0;
}
