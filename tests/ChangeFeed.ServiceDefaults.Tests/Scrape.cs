using System.Globalization;
using System.Text.RegularExpressions;

namespace ChangeFeed.ServiceDefaults.Tests;

/// <summary>What Prometheus reads from a service at one moment.</summary>
internal sealed partial class Scrape
{
    private static readonly string[] Labels = ["messaging_destination_name", "http_response_status_code"];

    private Scrape(IReadOnlyList<(string Name, string Series, double Value)> samples) => Samples = samples;

    public IReadOnlyList<(string Name, string Series, double Value)> Samples { get; }

    public static async Task<Scrape> ReadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var text = await http.GetStringAsync("/metrics", cancellationToken);
        return new Scrape([.. Line().Matches(text).Select(match => (
            match.Groups["name"].Value, match.Groups["series"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)))]);
    }

    public double Max(string name) => Samples.Where(sample => sample.Name == name).Select(sample => sample.Value).DefaultIfEmpty(0).Max();

    /// <summary>The metrics an expression of PromQL reads.</summary>
    public static IEnumerable<string> MetricsOf(string expression) => Metric().Matches(expression).Select(match => match.Value).Except(Labels);

    [GeneratedRegex(@"^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^\n]*\})?) (?<value>[-+0-9.eE]+|NaN|[-+]Inf)", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(changefeed|messaging|store|eventstore|http|dotnet)_[a-z0-9_]+(?=[{\[) ,]|$)")]
    private static partial Regex Metric();
}
