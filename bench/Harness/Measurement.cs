namespace Bench.Harness;

/// <summary>One row of the result: what one subject did in one figure.</summary>
internal sealed record Measurement(string Figure, string Subject)
{
    public double? P50Micros { get; init; }

    public double? P99Micros { get; init; }

    public double? PerSecond { get; init; }

    /// <summary>Against <see cref="RatioTo"/> in the same run: of durations how many times as long, of rates how many times as many.</summary>
    public double? Ratio { get; init; }

    public string? RatioTo { get; init; }

    /// <summary>Any other figure, with its unit.</summary>
    public string? Value { get; init; }

    public Goal? Goal { get; init; }

    /// <summary>Why there is no figure, or what to know about it.</summary>
    public string? Note { get; init; }

    public static Measurement Of(string figure, string subject, Samples samples) =>
        new(figure, subject) { P50Micros = samples.P50, P99Micros = samples.P99 };

    public static Measurement Skipped(string figure, string subject, string reason) => new(figure, subject) { Note = $"skipped: {reason}" };
}

/// <summary>What a figure should be, and whether it is.</summary>
/// <param name="Text">The goal in words.</param>
/// <param name="Verdict"><c>stretch</c>, <c>ok</c> or <c>missed</c>.</param>
internal sealed record Goal(string Text, string Verdict)
{
    public bool Missed => Verdict == "missed";

    public static Goal AtMost(double value, double limit, string unit, double? stretch = null) => new(
        stretch is { } better ? $"≤ {limit:0.##}{unit} (stretch {better:0.##})" : $"≤ {limit:0.##}{unit}",
        value <= stretch ? "stretch" : value <= limit ? "ok" : "missed");

    public static Goal AtLeast(double value, double limit, string unit, double? stretch = null) => new(
        stretch is { } better ? $"≥ {limit:#,0.##}{unit} (stretch {better:#,0.##})" : $"≥ {limit:#,0.##}{unit}",
        value >= stretch ? "stretch" : value >= limit ? "ok" : "missed");
}
