using Microsoft.Playwright;

namespace Orders.CustomerCare.Pages.Tests.Support;

/// <summary>A page of customer care.</summary>
public sealed class CarePage(IPage page) : WatchedPage(page, CareInBrowser.Screenshots)
{
    public async Task SignInAsync(string key)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("API key").FillAsync(key);
        await ButtonAsync("Sign in");
    }
}
