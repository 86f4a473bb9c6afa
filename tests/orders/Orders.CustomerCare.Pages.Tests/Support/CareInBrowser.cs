using Microsoft.Playwright;

namespace Orders.CustomerCare.Pages.Tests.Support;

/// <summary>One running system and one browser for all tests that look at it.</summary>
public sealed class CareInBrowser : IAsyncLifetime
{
    public const string Key = "key-of-the-browser-tests";
    private const int Patience = 60_000; // milliseconds, for machines that do much else at the same time

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private RunningPipeline? _pipeline;

    public RunningPipeline Pipeline => _pipeline ?? throw new InvalidOperationException(Chromium.Missing);

    /// <summary>What the overview said before there was any order.</summary>
    public string EmptyOverview { get; private set; } = "";

    public static string Screenshots { get; } = Path.Combine(
        RunningPipeline.RepositoryRoot, "artifacts", "screenshots");

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null)
            return;
        // The services inherit them: orders given to endpoints are seen at once, and so is how far they are.
        Environment.SetEnvironmentVariable("ChangeFeed__ControlInterval", "00:00:00.2");
        Environment.SetEnvironmentVariable("ChangeFeed__LagInterval", "00:00:01");
        Environment.SetEnvironmentVariable("ChangeFeed__HeartbeatInterval", "00:00:01");
        Directory.CreateDirectory(Screenshots);
        Assertions.SetDefaultExpectTimeout(Patience);
        var starting = RunningPipeline.StartAsync(null, "--topology", "compact", "--care-key", Key);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.StartAsync(_playwright);
        _pipeline = await starting;
        await using var care = await OpenAsync();
        await care.Page.GotoAsync("/");
        await Assertions.Expect(care.Page.GetByRole(AriaRole.Heading, new() { Name = "Place the first order" })).ToBeVisibleAsync();
        EmptyOverview = await care.Page.Locator("main").InnerTextAsync();
        await care.KeepAsync("overview-empty");
    }

    /// <summary>A new page of somebody nobody knows yet.</summary>
    public async Task<CarePage> OpenAsync()
    {
        Assert.SkipWhen(_browser is null, Chromium.Missing);
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Pipeline.Url("customer-care").ToString(),
            ViewportSize = new ViewportSize { Width = 1600, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        return new CarePage(await context.NewPageAsync());
    }

    /// <summary>A new page of an operator.</summary>
    public async Task<CarePage> OpenSignedInAsync()
    {
        var care = await OpenAsync();
        await care.SignInAsync(Key);
        return care;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_pipeline is not null)
            await _pipeline.DisposeAsync();
    }
}

[CollectionDefinition(nameof(CareInBrowser))]
public sealed class CareInBrowserCollection : ICollectionFixture<CareInBrowser>;
