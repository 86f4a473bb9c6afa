using System.Globalization;
using System.Text.RegularExpressions;

namespace TestSupport;

/// <summary>In which order the endpoints handled the events of a stream, by their own logs.</summary>
internal static partial class HandlingOrder
{
    /// <summary>An event may come again, but never for the first time after a later one of its stream.</summary>
    /// <param name="logs">Lines of all instances, with the process they are of.</param>
    public static void ShouldBeKept(IEnumerable<(string Endpoint, string Line)> logs)
    {
        var handled = logs
            .Select(log => (log.Endpoint, Match: Line().Match(log.Line)))
            .Where(log => log.Match.Success)
            .Select(log => (
                Endpoint: EndpointOf(log.Endpoint, log.Match.Groups["reaction"].Value),
                Stream: log.Match.Groups["stream"].Value,
                Version: long.Parse(log.Match.Groups["version"].Value, CultureInfo.InvariantCulture),
                At: TimeOnly.Parse(log.Match.Groups["at"].Value, CultureInfo.InvariantCulture)))
            .Where(h => h.Endpoint is not null)
            .ToList();
        handled.ShouldNotBeEmpty("the services log what they handle");
        // Round midnight the time of day tells nothing about before and after.
        if (handled.Max(h => h.At) - handled.Min(h => h.At) > TimeSpan.FromHours(12))
            return;
        foreach (var stream in handled.GroupBy(h => (h.Endpoint, h.Stream)))
        {
            var firsts = stream.GroupBy(h => h.Version).OrderBy(v => v.Key).Select(v => v.Min(h => h.At)).ToList();
            firsts.SequenceEqual(firsts.Order())
                .ShouldBeTrue(
                $"{stream.Key.Endpoint} handled versions {string.Join(", ", stream.OrderBy(h => h.At).Select(h => h.Version))} of {stream.Key.Stream} in this order");
        }
    }

    /// <summary>Where all workers are one process, what followed tells whose it was; null where nothing did.</summary>
    private static string? EndpointOf(string process, string reaction) => (process, reaction) switch
    {
        ("workers", "TaxCalculated") => "tax",
        ("workers", "PaymentCaptured" or "PaymentDeclined" or "PaymentRefunded") => "payment",
        ("workers", "OrderShipped" or "FulfillmentRejected") => "fulfillment",
        ("workers", "CustomerNotified") => "notification",
        ("workers", _) => null,
        _ => process,
    };

    [GeneratedRegex(@"(?<at>\d\d:\d\d:\d\d\.\d{3}) info: \S+Reactor\[0\] Order (?<stream>\S+): (?<reaction>\w+) .* after \w+ at version (?<version>\d+)")]
    private static partial Regex Line();
}
