using System.Text.Json.Nodes;

namespace Deployment.Tests;

/// <summary>Alerts look for what the services write.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public void Each_line_an_alert_looks_for_is_one_the_services_write()
    {
        var sources = Directory.EnumerateFiles(Repository.File("src/libraries"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToList();

        foreach (var alert in JsonNode.Parse(File.ReadAllText(Repository.File("deploy/monitoring/log-alerts.json")))!.AsArray())
            sources.ShouldContain(
                source => source.Contains("logger.Log") && source.Contains(alert!["contains"]!.GetValue<string>()), alert!["name"]!.GetValue<string>());
    }
}
