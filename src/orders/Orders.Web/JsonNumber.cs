using System.Globalization;

namespace Orders.Web;

/// <summary>Exact reading of a JSON number: parsing into a decimal alone would round what does not fit, and 1e-30 would become 0.</summary>
internal static class JsonNumber
{
    /// <summary>Longest literal looked at; no amount of money needs more.</summary>
    private const int MaxLength = 40;

    /// <summary>Reads a literal that a decimal holds exactly. <paramref name="decimals"/> counts those that are not trailing zeros.</summary>
    public static bool TryRead(string literal, out decimal value, out int decimals)
    {
        value = 0;
        decimals = 0;
        if (literal.Length > MaxLength || !decimal.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return false;

        var e = literal.IndexOfAny(['e', 'E']);
        var mantissa = e < 0 ? literal : literal[..e];
        if (!int.TryParse(e < 0 ? "0" : literal[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return false;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).Trim('-', '+').TrimStart('0');
        if (digits.Length == 0)
        {
            value = 0; // never a negative zero
            return true;
        }

        var zeros = digits.Length - digits.TrimEnd('0').Length;
        decimals = Math.Max(0, fraction - exponent - zeros);
        return digits.Length - zeros <= 28 && decimals <= 28;
    }
}
