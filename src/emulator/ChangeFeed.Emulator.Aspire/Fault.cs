using System.Globalization;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>What the emulator is asked to do to requests.</summary>
/// <param name="Status">The status to answer with; null only delays.</param>
/// <param name="Probability">The share of requests it happens to, 0 to 1.</param>
/// <param name="DelayMs">Milliseconds before the answer.</param>
internal sealed record Fault(int? Status, double Probability, int DelayMs)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Probability * 100:0.##} % of requests {(DelayMs, Status) switch
        {
            (0, { } status) => $"are answered {status}",
            (var delay, { } status) => $"wait {delay} ms and are answered {status}",
            (var delay, null) => $"wait {delay} ms",
        }}");
}
