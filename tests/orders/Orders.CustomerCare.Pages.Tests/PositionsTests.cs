using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class PositionsTests(CareInBrowser browser)
{
    [Fact]
    public async Task Where_a_service_is_is_shown_saved_and_moved_back()
    {
        await browser.Pipeline.WithStatusAsync(await browser.Pipeline.PlaceAsync(OrderClient.Order()), "Completed");
        await using var care = await browser.OpenSignedInAsync();
        await care.Page.GotoAsync("/services");
        await care.LinkAsync("tax-audit");
        await Expect(care.Page.Locator("#positions tbody tr")).Not.ToHaveCountAsync(0);
        await care.Page.GetByLabel("Save this position as").FillAsync("before-the-audit");
        await care.ButtonAsync("Save…");
        await care.ButtonAsync("Save it");
        await Expect(care.Page.Locator("li", new() { HasText = "before-the-audit" })).ToContainTextAsync("by development");

        await care.Page.GetByLabel("or the beginning").SelectOptionAsync("true");
        await care.ButtonAsync("Look first…");
        await Expect(care.Page.GetByText("the books have it once")).ToBeVisibleAsync();
        await care.KeepAsync("positions");
        await care.Page.GetByLabel("Why").FillAsync("the auditors ask");
        await care.Page.Locator("form[method=post] button[type=submit]").ClickAsync();

        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("development moved it to the beginning");
        await Expect(care.Page.Locator("#positions")).ToContainTextAsync("nothing", new() { Timeout = 60_000 });
    }
}
