using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class OverviewTests(CareInBrowser browser)
{
    [Fact]
    public async Task An_empty_system_says_how_to_place_the_first_order()
    {
        await using var care = await browser.OpenAsync();
        var address = browser.Pipeline.Url("orders-api").ToString().TrimEnd('/');

        browser.EmptyOverview.ShouldContain("No order was placed in the last 15 minutes.");
        browser.EmptyOverview.ShouldContain($"curl -i {address}/orders");
    }

    [Fact]
    public async Task The_shopper_is_started_from_the_page_and_its_orders_are_counted_as_they_come()
    {
        await using (var stranger = await browser.OpenAsync())
        {
            await stranger.Page.GotoAsync("/");
            await Expect(stranger.Page.GetByText("To change anything you need a key")).ToBeVisibleAsync();
            await Expect(stranger.Page.GetByText("Start the shopper")).ToHaveCountAsync(0);
        }

        await using var care = await browser.OpenSignedInAsync();
        await care.Page.GotoAsync("/");

        await care.Page.GetByLabel("Orders", new() { Exact = true }).FillAsync("often");
        await care.ButtonAsync("Start the shopper");
        await Expect(care.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("rate: Must be a number of orders per second or minute");

        await care.Page.GetByLabel("Orders", new() { Exact = true }).FillAsync("5/s");
        await care.ButtonAsync("Start the shopper");
        await Expect(care.Page.GetByText("5/s believable random orders")).ToBeVisibleAsync();
        var ended = care.Page.Locator(".stage", new() { HasText = "shipped, and the customer knows" }).Locator(".big");
        await Expect(ended).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("[1-9]"));
        await care.ButtonAsync("Stop the shopper");
        await care.KeepAsync("overview");
        await care.ButtonAsync("Place one order");
        await Expect(care.Page.Locator(".title .badge")).ToHaveTextAsync("Completed");
    }
}
