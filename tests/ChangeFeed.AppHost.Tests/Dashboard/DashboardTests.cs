using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChangeFeed.AppHost.Tests.Dashboard;

/// <summary>What somebody sees who starts everything and opens the dashboard's login link.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private const string CareKey = "key-of-the-dashboard-tests";
    private const string TelemetryKey = "telemetry-key-of-the-dashboard-tests";
    private const int Patience = 60_000; // milliseconds, for machines that do much else at the same time
    private const int AllSpans = 2600; // pixels of height: the list of a trace renders what can be seen

    private static readonly string[] Services = ["orders-api", "tax", "tax-audit", "payment", "fulfillment", "notification", "views"];

    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task An_order_placed_from_the_dashboard_is_found_there_with_its_way_through_all_services()
    {
        Assert.SkipWhen(Chromium.Path is null, Chromium.Missing);
        await using var command = await AppHostCommand.StartAsync(
            _data.Path, new Dictionary<string, string> { ["AppHost__DashboardApiKey"] = TelemetryKey }, "--care-key", CareKey);
        using var telemetry = new Telemetry(new Uri(command.Dashboard), TelemetryKey);
        using var care = new HttpClient { BaseAddress = command.CustomerCare, DefaultRequestHeaders = { { "X-Api-Key", CareKey } } };
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.StartAsync(playwright);
        var dashboard = await LogInAsync(browser, command.Dashboard);

        await NothingIsWrongAsync(dashboard);
        var order = await PlaceAnOrderAsync(dashboard);
        await FindItsTraceAsync(dashboard, telemetry);
        await PauseAndResumeAsync(dashboard, care);
        var completed = await MostTracesAreOrdersAsync(telemetry, care);
        // What is drawn anew all the time cannot be pictured on a busy machine.
        (await care.DeleteAsync("/care/shopper", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await KeepAsync(dashboard, command.CustomerCare, order, completed);
    }

    public void Dispose() => _data.Dispose();

    private static async Task<DashboardPage> LogInAsync(IBrowser browser, string login)
    {
        SetDefaultExpectTimeout(Patience);
        Directory.CreateDirectory(DashboardPage.Screenshots);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = DashboardPage.Width, Height = DashboardPage.Height } });
        page.SetDefaultTimeout(Patience);
        await page.GotoAsync(login);
        var dashboard = new DashboardPage(page, new Uri(login));
        await Expect(dashboard.Row("orders-api")).ToBeVisibleAsync();
        return dashboard;
    }

    // No warning of a certificate where there is none to have, nothing unhealthy, nothing shown that no reader needs.
    private static async Task NothingIsWrongAsync(DashboardPage dashboard)
    {
        foreach (var name in Services.Append("cosmos").Append("customer-care"))
            await Expect(dashboard.Row(name)).ToContainTextAsync("Running");
        await Expect(dashboard.Page.GetByText("Showing 9 resources")).ToBeVisibleAsync();
        await Expect(dashboard.Page.Locator("fluent-message-bar")).ToHaveCountAsync(0);
        (await dashboard.Page.Locator("body").InnerTextAsync()).ShouldNotContain("certificate", Case.Insensitive);
        foreach (var page in new[] { "Orders API (Swagger)", "Pages", "API (Swagger)" })
            await Expect(dashboard.Page.GetByRole(AriaRole.Link, new() { Name = page, Exact = true })).ToBeVisibleAsync();
        await dashboard.KeepAsync("dashboard-resources", height: 640);
    }

    private static async Task<string> PlaceAnOrderAsync(DashboardPage dashboard)
    {
        await dashboard.AskAsync("orders-api", "Place an order");
        await dashboard.ConfirmAsync();
        return OrderId().Match(await dashboard.OutcomeAsync("is placed; its page is")).Groups[1].Value;
    }

    private static async Task FindItsTraceAsync(DashboardPage dashboard, Telemetry telemetry)
    {
        var trace = await Eventually.GetAsync(
            async () => (await telemetry.TracesAsync()).SingleOrDefault(trace => trace.First.Name.StartsWith("POST /orders", StringComparison.Ordinal)),
            trace => trace is not null && Services.All(trace.Services.Contains) && trace.Spans.Any(span => span.Name == "append CustomerNotified"),
            TimeSpan.FromSeconds(60),
            "The trace of the order through all services");
        trace!.First.Service.ShouldBe("orders-api");

        await dashboard.OpenAsync("/traces");
        await dashboard.Page.GetByText("orders-api: POST /orders").First.ClickAsync();
        await Expect(dashboard.Page).ToHaveURLAsync(new Regex($"/traces/detail/{trace.Id}"));
        await dashboard.Page.SetViewportSizeAsync(DashboardPage.Width, AllSpans);
        foreach (var service in Services)
            await Expect(dashboard.Page.GetByText(service).First).ToBeVisibleAsync();
        await Expect(dashboard.Page.GetByText("append CustomerNotified").First).ToBeVisibleAsync();
        await dashboard.Page.SetViewportSizeAsync(DashboardPage.Width, DashboardPage.Height);
    }

    private static async Task PauseAndResumeAsync(DashboardPage dashboard, HttpClient care)
    {
        await dashboard.AskAsync("tax", "Pause");
        await dashboard.AnswerAsync("new rates come in");
        await dashboard.OutcomeAsync("tax is paused by development: new rates come in");
        (await IsPausedAsync(care, "tax")).ShouldBeTrue();

        await dashboard.AskAsync("tax", "Resume");
        await dashboard.AnswerAsync("they are in");
        await dashboard.OutcomeAsync("tax is resumed by development: they are in");
        (await IsPausedAsync(care, "tax")).ShouldBeFalse();
    }

    private static async Task<bool> IsPausedAsync(HttpClient care, string service) =>
        (await care.GetFromJsonAsync<JsonElement>("/care/services", TestContext.Current.CancellationToken)).EnumerateArray()
            .Single(one => one.GetProperty("standing").GetProperty("name").GetString() == service)
            .GetProperty("control").GetProperty("paused").GetBoolean();

    /// <returns>The trace of an order that came to its end: not all do, as some of the shopper's customers change their minds.</returns>
    private static async Task<string> MostTracesAreOrdersAsync(Telemetry telemetry, HttpClient care)
    {
        (await care.PutAsJsonAsync("/care/shopper", new { rate = "2/s" }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var traces = await Eventually.GetAsync(
            telemetry.TracesAsync, traces => traces.Count(trace => trace.First.Name == "place order") >= 40, TimeSpan.FromSeconds(120), "40 orders");

        var others = traces.Where(trace => !trace.IsOfPeople).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{traces.Count - others.Count} of {traces.Count} traces are orders or requests of people.");
        others.Count.ShouldBeLessThanOrEqualTo(traces.Count / 10, string.Join(", ", others.Select(trace => $"{trace.First.Service}: {trace.First.Name}")));
        // The last, so that it shows how long an order takes, and not how long code takes to compile.
        return traces
            .Where(trace => trace.First.Name == "place order" && trace.Spans.Any(span => span.Name == "append CustomerNotified"))
            .MaxBy(trace => trace.First.Start)!.Id;
    }

    private static async Task KeepAsync(DashboardPage dashboard, Uri care, string order, string trace)
    {
        var page = dashboard.Page;
        await dashboard.OpenAsync("/traces");
        await Expect(page.GetByText("customer-care: place order").First).ToBeVisibleAsync();
        await dashboard.KeepAsync("dashboard-traces");
        await dashboard.OpenAsync($"/traces/detail/{trace}");
        await page.SetViewportSizeAsync(DashboardPage.Width, AllSpans);
        await Expect(page.GetByText("append CustomerNotified").First).ToBeVisibleAsync();
        await dashboard.KeepAsync("dashboard-trace", height: 1200);
        await dashboard.OpenAsync("/?view=Graph");
        await Expect(page.Locator("svg").GetByText("customer-care").First).ToBeVisibleAsync();
        await page.WaitForFunctionAsync(NodesRest, null, new() { PollingInterval = 500 });
        await dashboard.KeepAsync("dashboard-graph");
        await page.GotoAsync(care.ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "On their way through the services" })).ToBeVisibleAsync();
        await dashboard.KeepAsync("care-overview", height: 820);
        await page.GotoAsync(new Uri(care, $"/orders/{order}").ToString());
        await Expect(page.Locator(".title .badge")).ToHaveTextAsync("Completed");
        await dashboard.KeepAsync("care-order", height: 960);
    }

    // The graph's nodes find their places by pushing each other away: from one look to the next none has moved.
    private const string NodesRest = """
        () => {
          const now = [...document.querySelectorAll("svg g[transform]")].map(node => node.getAttribute("transform")).join();
          const rests = now !== "" && now === window.nodesBefore;
          window.nodesBefore = now;
          return rests;
        }
        """;

    [GeneratedRegex(@"Order (\S+) is placed")]
    private static partial Regex OrderId();
}
