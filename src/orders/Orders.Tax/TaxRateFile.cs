using System.Globalization;
using Orders.Contracts;

namespace Orders.Tax;

/// <summary>Reads <c>country,region,rate,validFrom</c>. Lines that begin with # are comments.</summary>
public static class TaxRateFile
{
    private const string Header = "country,region,rate,validFrom";

    /// <exception cref="FormatException">A line is wrong; the message names it.</exception>
    public static TaxRates Parse(IEnumerable<string> lines)
    {
        var rates = new Dictionary<(string, DateOnly), TaxRate>();
        var header = false;
        foreach (var (number, text) in lines.Select((line, index) => (index + 1, line.Trim())))
        {
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (!header)
            {
                header = text == Header ? true : throw new FormatException($"line {number} must be the header '{Header}'.");
                continue;
            }

            var rate = ParseLine(number, text);
            if (!rates.TryAdd((rate.Jurisdiction, rate.ValidFrom), rate))
                throw new FormatException($"line {number} gives {rate.Jurisdiction} a second rate from {rate.ValidFrom:yyyy-MM-dd}.");
        }

        return rates.Count > 0 ? new TaxRates(rates.Values) : throw new FormatException("it has no rates.");
    }

    private static TaxRate ParseLine(int number, string line)
    {
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        if (fields.Length != 4)
            throw new FormatException($"line {number} must have the 4 fields {Header}.");
        if (!Iso3166.IsCountry(fields[0]))
            throw new FormatException($"line {number}: '{fields[0]}' is not a country code of ISO 3166-1, for example US.");
        if (fields[1].Length > 3 || !fields[1].All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
            throw new FormatException($"line {number}: region '{fields[1]}' must be up to three capital letters or digits, for example WA.");
        if (!decimal.TryParse(fields[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate > 1)
            throw new FormatException($"line {number}: rate '{fields[2]}' must be a fraction from 0 to 1, for example 0.19.");
        return DateOnly.TryParseExact(fields[3], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            ? new TaxRate(fields[0], fields[1].Length == 0 ? null : fields[1], rate, from)
            : throw new FormatException($"line {number}: validFrom '{fields[3]}' must be a date like 2025-01-31.");
    }
}
