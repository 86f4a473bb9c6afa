using System.Globalization;
using System.Text;
using ChangeFeed.Emulator.Engine.Query.Values;

namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>The text TOSTRING makes: JSON without spaces, numbers in their shortest form.</summary>
internal static class CompactText
{
    public static void Append(StringBuilder text, in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Number:
                text.Append(Number(value));
                break;
            case ValueKind.String:
                Quote(text, value.AsString());
                break;
            case ValueKind.Array:
                var comma = "[";
                foreach (var item in value.Items())
                {
                    text.Append(comma);
                    Append(text, item);
                    comma = ",";
                }
                text.Append(comma == "[" ? "[]" : "]");
                break;
            case ValueKind.Object:
                comma = "{";
                foreach (var (name, member) in value.Members())
                {
                    Quote(text.Append(comma), name);
                    text.Append(':');
                    Append(text, member);
                    comma = ",";
                }
                text.Append(comma == "{" ? "{}" : "}");
                break;
            default:
                text.Append(JsonOutput.ToText(value));
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
        text.Append('"');
    }

    /// <summary>Fixed notation from 0.0001 up to 17 digits, else scientific with at least two digits of exponent, as C prints it.</summary>
    private static string Number(in Value value)
    {
        if (value.TryGetRaw(out _) && value.TryGetInteger(out var integer) && integer != 0)
            return integer.ToString(CultureInfo.InvariantCulture);
        var number = value.AsNumber();
        if (double.IsInfinity(number))
            return number > 0 ? "Infinity" : "-Infinity";
        var (sign, digits, exponent) = Shortest(number);
        if (exponent is >= -4 and < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (exponent is >= 0 and < 17)
        {
            return digits.Length <= exponent + 1
                ? sign + digits.PadRight(exponent + 1, '0')
                : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
        }
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The fewest digits that mean this number, and the power of ten of the first one.</summary>
    private static (string Sign, string Digits, int Exponent) Shortest(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).AsSpan();
        var sign = text.StartsWith("-") ? "-" : "";
        text = text[sign.Length..];
        var exponent = 0;
        if (text.IndexOf('E') is var e and >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.') is var found and >= 0 ? found : text.Length;
        var all = text.ToString().Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        exponent += point - 1 - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? (sign, "0", 0) : (sign, digits, exponent);
    }
}
