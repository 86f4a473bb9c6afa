using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class SignInTests(CareInBrowser browser)
{
    [Fact]
    public async Task A_key_is_entered_once_and_never_in_an_address()
    {
        await using var care = await browser.OpenAsync();
        var addresses = new List<string>();
        care.Page.Request += (_, request) => addresses.Add(request.Url);

        await care.SignInAsync("a-key-nobody-has-ever-had");
        await Expect(care.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This key is not known");
        await care.KeepAsync("sign-in");

        await care.SignInAsync(CareInBrowser.Key);
        await Expect(care.Page.GetByRole(AriaRole.Link, new() { Name = "development · operator" })).ToBeVisibleAsync();
        addresses.ShouldAllBe(address => !address.Contains(CareInBrowser.Key));
        (await care.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "care-session").HttpOnly.ShouldBeTrue();

        await care.LinkAsync("development · operator");
        await care.ButtonAsync("Sign out");
        await Expect(care.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_gets_to_the_content_first_and_to_every_page()
    {
        await using var care = await browser.OpenAsync();
        await care.Page.GotoAsync("/sign-in");

        await care.Page.Keyboard.PressAsync("Tab");
        await Expect(care.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        foreach (var name in new[] { "Customer care", "Overview", "Orders", "Overdue", "Services", "Costs", "Dead letters", "Sign in" })
        {
            await care.Page.Keyboard.PressAsync("Tab");
            await Expect(care.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeFocusedAsync();
        }
    }
}
