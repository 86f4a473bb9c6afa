[assembly: AssemblyFixture(typeof(ChangeFeed.Emulator.Explorer.Tests.SharedBrowser))]

namespace ChangeFeed.Emulator.Explorer.Tests;

/// <summary>One browser for all tests; each page knows nothing of the others.</summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    private const int Patience = 60_000; // milliseconds, for machines that do much else at the same time

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null)
            return;
        SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.StartAsync(_playwright);
    }

    public async Task<IPage> NewPageAsync(Uri address)
    {
        var context = await _browser!.NewContextAsync(
            new() { BaseURL = address.ToString(), ViewportSize = new() { Width = 1600, Height = 900 } });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
