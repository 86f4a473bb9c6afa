using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;

namespace Orders.CustomerCare.Pages.Tests.Looks;

/// <summary>A browser shows the pages as they are meant to look, also where nothing is set up for development.</summary>
public sealed class StyleTests(CarePrograms programs) : IClassFixture<CarePrograms>
{
    [Theory]
    [InlineData(false, "built")]
    [InlineData(true, "published")]
    public async Task The_pages_are_styled_and_the_browser_has_nothing_to_complain_of(bool published, string name)
    {
        Assert.SkipWhen(Chromium.Path is null, Chromium.Missing);
        await using var care = await CareProcess.StartAsync(programs.Of(published), "Production");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.StartAsync(playwright);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = care.Address.ToString() });
        await using var page = new CarePage(await context.NewPageAsync());

        await ShouldBeStyledAsync(page, "/sign-in", name);
        await page.SignInAsync(CareProcess.Key);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true })).ToHaveCountAsync(0);
        foreach (var address in new[] { "/", "/search", "/overdue", "/services", "/costs", "/dead-letters" })
            await ShouldBeStyledAsync(page, address, name);

        // The script runs: where the page stays up to date, it says so.
        await page.Page.GotoAsync("/services");
        await Assertions.Expect(page.Page.Locator("#connection")).ToHaveTextAsync("Up to date.");
    }

    private static async Task ShouldBeStyledAsync(CarePage page, string address, string name)
    {
        await page.Page.GotoAsync(address);
        (await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.top')).display")).ShouldBe("flex", address);
        (await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.top ul')).listStyleType")).ShouldBe("none", address);
        (await page.Page.EvaluateAsync<bool>("document.querySelector('.brand use').getBoundingClientRect().width > 0"))
            .ShouldBeTrue($"the picture on {address}");
        await page.KeepAsync($"{name}{address.Replace('/', '-').TrimEnd('-')}");
    }
}
