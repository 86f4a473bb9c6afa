using Microsoft.Playwright;

namespace ChangeFeed.AppHost.Tests.Dashboard;

/// <summary>The dashboard in a browser.</summary>
internal sealed class DashboardPage(IPage page, Uri address)
{
    public const int Width = 1600;
    public const int Height = 900;

    public static string Screenshots { get; } = Path.Combine(RunningPipeline.RepositoryRoot, "artifacts", "screenshots");

    public IPage Page => page;

    public ILocator Dialog => page.Locator("fluent-dialog").Last;

    public Task OpenAsync(string path = "/") => page.GotoAsync(new Uri(address, path).ToString());

    /// <summary>Asks for a command of a resource, as somebody does who opens its menu.</summary>
    public async Task AskAsync(string resource, string command)
    {
        await OpenAsync();
        await Row(resource).GetByRole(AriaRole.Button, new() { Name = "Actions", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = command, Exact = true }).First.ClickAsync();
    }

    /// <summary>Gives the reason it asks for.</summary>
    public async Task AnswerAsync(string text)
    {
        await Dialog.Locator("fluent-text-input").ClickAsync();
        await page.Keyboard.TypeAsync(text);
        await Dialog.Locator("fluent-button[appearance=primary]").ClickAsync();
    }

    /// <summary>Says yes to whether it is meant.</summary>
    public Task ConfirmAsync() => Dialog.GetByText("Yes", new() { Exact = true }).ClickAsync();

    /// <summary>What came of a command, once it is shown.</summary>
    public async Task<string> OutcomeAsync(string text)
    {
        await Assertions.Expect(Dialog.GetByText(text).First).ToBeVisibleAsync();
        return await Dialog.InnerTextAsync();
    }

    public ILocator Row(string text) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByText(text, new() { Exact = true }) }).First;

    /// <summary>Keeps how it looks; where this machine keeps the repository is nobody's business.</summary>
    public async Task KeepAsync(string name, int height = Height)
    {
        await page.SetViewportSizeAsync(Width, height);
        await page.Mouse.MoveAsync(0, 0); // nothing is pointed at
        await page.EvaluateAsync(HideDirectory, RunningPipeline.RepositoryRoot);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
        await page.SetViewportSizeAsync(Width, Height);
    }

    private const string HideDirectory = """
        root => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode())
            if (texts.currentNode.data.includes(root + "/"))
              texts.currentNode.data = texts.currentNode.data.replaceAll(root + "/", "");
        }
        """;
}
