using System.Globalization;

namespace Orders.Shopper;

/// <summary>How often an order is placed, as one writes it: <c>5/s</c>, <c>0.5/s</c>, <c>20/min</c>.</summary>
/// <remarks>Compiled into the app host as well, which checks its option with it before anything starts.</remarks>
public readonly record struct OrderRate
{
    private const double MaxPerSecond = 100;

    private OrderRate(double perSecond, string text) => (PerSecond, _text) = (perSecond, text);

    private readonly string? _text;

    /// <summary>What a rate must look like.</summary>
    public const string Rule = "a number of orders per second or minute, at most 100/s, such as 5/s or 20/min";

    /// <summary>Orders per second.</summary>
    public double PerSecond { get; }

    /// <summary>Time from one order to the next.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(1 / PerSecond);

    /// <summary>Reads a rate.</summary>
    public static bool TryParse(string? text, out OrderRate rate)
    {
        rate = default;
        if (text?.Trim().Split('/') is not [var number, "s" or "min"] parts
            || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        var perSecond = parts[1] == "s" ? count : count / 60;
        if (!(perSecond is > 0 and <= MaxPerSecond) || perSecond < 1d / 3600)
            return false;
        rate = new OrderRate(perSecond, text.Trim());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
