using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChangeFeed.Timers;
using static Orders.Testing.OrderStream;

namespace ChangeFeed.ServiceDefaults.Tests;

/// <summary>The alerts and dashboards of <c>deploy/monitoring</c> against what a service in trouble tells.</summary>
public sealed partial class AlertTests
{
    private static readonly string Monitoring = Path.Combine(
        typeof(AlertTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "deploy", "monitoring");

    private static readonly string Rules = Path.Combine(Monitoring, "prometheus", "alerts.yml");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_of_an_alert_or_a_dashboard_is_one_a_service_tells_and_only_the_right_alerts_fire()
    {
        var address = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        await using var service = await TracedService.StartAsync(("Telemetry:MetricsAddress", address));
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var own = service.Service.CreateClient();
        (await own.GetAsync("/alive", Stop)).EnsureSuccessStatusCode();
        TimerTelemetry.Begin("shipment-deadline"); // as the services with timers do when they start
        await service.Service.AppendAsync(Placed());
        await service.Service.AppendAsync(Placed(currency: "ZZZ")); // fails, is tried again, and parked

        var scrape = await Eventually.GetAsync(
            () => Scrape.ReadAsync(http, Stop), s => s.Max("changefeed_streams_parked") > 0 && s.Max("changefeed_events_handled_total") > 0);

        var told = scrape.Samples.Select(sample => sample.Name).ToHashSet();
        string[] read = [.. (await RuleExpressionsAsync()).Concat(await PanelExpressionsAsync()).SelectMany(Scrape.MetricsOf).Distinct()];
        read.Length.ShouldBeGreaterThan(12);
        read.Where(metric => !told.Contains(metric)).ShouldBeEmpty();
        await FiresAsync(scrape, "OrdersParked");
    }

    [Fact]
    public async Task The_rules_are_valid_and_each_fires_when_it_should()
    {
        await PromtoolAsync("check", "rules", Rules);
        await PromtoolAsync("test", "rules", Path.Combine(Monitoring, "prometheus", "alerts.test.yml"));
        var tested = await File.ReadAllTextAsync(Path.Combine(Monitoring, "prometheus", "alerts.test.yml"), Stop);
        foreach (Match alert in Alert().Matches(await File.ReadAllTextAsync(Rules, Stop)))
            tested.ShouldContain($"alertname: {alert.Groups["name"].Value}\n", customMessage: alert.Value);
    }

    [Fact]
    public async Task Every_metric_of_the_workbook_is_an_instrument()
    {
        await using var service = await TracedService.StartAsync();
        await service.Service.AppendAsync(Placed());
        await Eventually.UntilAsync(() => Task.FromResult(service.Measured.Any(m => m.Instrument == "changefeed.events.handled")));
        var instruments = service.Instruments.Select(instrument => instrument.Name).ToHashSet();
        var workbook = await File.ReadAllTextAsync(Path.Combine(Monitoring, "workbook.json"), Stop);

        var read = Instrument().Matches(workbook).Select(match => match.Groups["name"].Value).Distinct().ToList();
        read.Count.ShouldBeGreaterThan(6);
        read.Where(name => !instruments.Contains(name)).ShouldBeEmpty();
    }

    // A day on which everything stays as it was read, as promtool sees it.
    private static async Task FiresAsync(Scrape scrape, params string[] alerts)
    {
        var names = Alert().Matches(await File.ReadAllTextAsync(Rules, Stop)).Select(match => match.Groups["name"].Value).Except(["ServiceDown"]).ToList();
        using var directory = new TemporaryDirectory();
        var rules = new JsonObject
        {
            ["rule_files"] = new JsonArray(Rules),
            ["evaluation_interval"] = "1m",
            ["tests"] = new JsonArray(new JsonObject
            {
                ["interval"] = "1m",
                ["input_series"] = new JsonArray([.. scrape.Samples.Where(sample => double.IsFinite(sample.Value)).Select(sample => new JsonObject
                {
                    ["series"] = sample.Series,
                    ["values"] = $"{sample.Value.ToString("0.######", CultureInfo.InvariantCulture)}x90",
                })]),
                // An alert nobody expects, so that promtool says what does fire.
                ["alert_rule_test"] = new JsonArray([.. names.Select(name => new JsonObject
                {
                    ["eval_time"] = "80m",
                    ["alertname"] = name,
                    ["exp_alerts"] = alerts.Contains(name)
                        ? new JsonArray(new JsonObject { ["exp_labels"] = new JsonObject { ["x"] = "y" } })
                        : new JsonArray(),
                })]),
            }),
        };
        var file = Path.Combine(directory.Path, "real.test.yml");
        await File.WriteAllTextAsync(file, rules.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), Stop);

        var (code, output) = await RunAsync("test", "rules", file);

        code.ShouldBe(1, output);
        Failed().Matches(output).Select(match => match.Groups["name"].Value).ShouldBe(alerts, output);
        output.ShouldContain("1 orders are parked at tax");
    }

    private static async Task<IEnumerable<string>> RuleExpressionsAsync() =>
        Expression().Matches(await File.ReadAllTextAsync(Rules, Stop)).Select(match => match.Groups["expr"].Value);

    private static async Task<IEnumerable<string>> PanelExpressionsAsync() =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Monitoring, "grafana", "order-pipeline.json"), Stop))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray().Select(target => target!["expr"]!.GetValue<string>()) ?? []);

    private static async Task PromtoolAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        code.ShouldBe(0, output);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        try
        {
            using var promtool = Process.Start(
                new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = promtool.StandardError.ReadToEndAsync(Stop);
            var output = await promtool.StandardOutput.ReadToEndAsync(Stop);
            await promtool.WaitForExitAsync(Stop);
            return (promtool.ExitCode, output + await errors);
        }
        catch (Win32Exception)
        {
            Assert.Skip("promtool is not installed; Debian has it in the package prometheus.");
            throw;
        }
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"expr: (?<expr>.+)")]
    private static partial Regex Expression();

    [GeneratedRegex(@"alertname: ?(?<name>\w+), time")]
    private static partial Regex Failed();

    [GeneratedRegex(@"\\u0022(?<name>(changefeed|store|eventstore)\.[a-z_.]+)\\u0022|\\""(?<name>(changefeed|store|eventstore)\.[a-z_.]+)\\""")]
    private static partial Regex Instrument();
}
