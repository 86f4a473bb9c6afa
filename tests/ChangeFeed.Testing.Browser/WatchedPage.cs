using Microsoft.Playwright;

namespace ChangeFeed.Testing.Browser;

/// <summary>A page in the browser, and what every page must be.</summary>
public class WatchedPage : IAsyncDisposable
{
    private static readonly (int Width, int Height)[] Sizes = [(1600, 900), (400, 800)];

    private readonly List<string> _complaints = [];

    private readonly string _screenshots;

    /// <param name="page">The page.</param>
    /// <param name="screenshots">The directory where pictures of it are kept.</param>
    public WatchedPage(IPage page, string screenshots)
    {
        Page = page;
        _screenshots = screenshots;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public Task LinkAsync(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First.ClickAsync();

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    /// <summary>Keeps how the page looks, narrow and wide, light and dark; sees that nothing sticks out and nothing is nameless.</summary>
    public async Task KeepAsync(string name)
    {
        foreach (var (width, height) in Sizes)
        {
            await Page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await Page.ScreenshotAsync(new PageScreenshotOptions
                {
                    Path = Path.Combine(_screenshots, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
                    FullPage = true,
                });
            }

            var sticksOut = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            sticksOut.ShouldBeLessThanOrEqualTo(0, $"{name} is wider than {width} pixels");
        }

        await Page.SetViewportSizeAsync(Sizes[0].Width, Sizes[0].Height);
        (await Page.Locator("h1").CountAsync()).ShouldBe(1, $"headings of the first rank on {name}");
        (await Page.EvaluateAsync<string[]>(NamelessOrUnlabelled)).ShouldBeEmpty(name);
        _complaints.ShouldBeEmpty(name);
    }

    /// <summary>The browser has complained of something the test has brought about.</summary>
    public void Expected(string complaint) =>
        _complaints.RemoveAll(said => said.Contains(complaint, StringComparison.Ordinal)).ShouldBeGreaterThan(0, complaint);

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // What somebody who hears the page instead of seeing it could not tell apart.
    private const string NamelessOrUnlabelled = """
        () => [
          ...[...document.querySelectorAll("a, button")].filter(e => !(e.textContent.trim() || e.getAttribute("aria-label"))),
          ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(e => !e.labels?.length && !e.getAttribute("aria-label")),
          ...[...document.querySelectorAll("table")].filter(e => !e.caption),
          ...[...document.querySelectorAll("svg")].filter(e => !e.closest("[aria-hidden=true]") && !e.hasAttribute("aria-hidden") && !e.querySelector("title")),
        ].map(e => e.outerHTML.slice(0, 200))
        """;
}
