using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class ServicesTests(CareInBrowser browser)
{
    [Fact]
    public async Task A_service_is_paused_falls_behind_is_resumed_and_catches_up()
    {
        await using var care = await browser.OpenSignedInAsync();
        await care.Page.GotoAsync("/services");
        var row = care.Page.Locator("#service-tax");
        var waiting = row.Locator("[data-label=Waiting]");
        await Expect(waiting).ToHaveTextAsync("0");

        await care.LinkAsync("Pause tax…");
        await Expect(care.Page.GetByText("Orders wait at this point; nothing is lost.")).ToBeVisibleAsync();
        await care.Page.GetByLabel("Why").FillAsync("new rates come in");
        await care.ButtonAsync("Pause tax");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("paused");
        await Expect(row).ToContainTextAsync("by development");
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("tax is paused.");

        var order = await UntilOneWaitsAsync();
        await Expect(waiting).Not.ToHaveTextAsync("0");
        await Expect(row.Locator("[data-label=Oldest]")).ToHaveTextAsync(new Regex("[1-9]"));
        await Expect(row.Locator("[data-label=Instances]")).ToHaveTextAsync("1");
        await care.KeepAsync("services-behind");

        await care.LinkAsync("Resume tax…");
        await care.ButtonAsync("Resume tax");
        await Expect(row).ToContainTextAsync("resumed by development");
        await browser.Pipeline.WithStatusAsync(order, "Completed");
        await Expect(waiting).ToHaveTextAsync("0");
        await care.Page.Locator("#leases summary").ClickAsync();
        await care.KeepAsync("services");
    }

    [Fact]
    public async Task Whoever_may_only_look_finds_no_buttons_and_is_told_why()
    {
        await using var care = await browser.OpenAsync();

        await care.Page.GotoAsync("/services?ask=pause&service=payment");

        await Expect(care.Page.GetByText(new Regex("you need a key with the role operator"))).ToBeVisibleAsync();
        await Expect(care.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    /// <summary>Places orders until one of them stays where it is: the pause is heard of a moment after it was ordered.</summary>
    private async Task<string> UntilOneWaitsAsync()
    {
        while (true)
        {
            var id = await browser.Pipeline.PlaceAsync(OrderClient.Order());
            try
            {
                await Eventually.GetAsync(() => browser.Pipeline.EventsAsync(id), events => events.Count > 1, TimeSpan.FromSeconds(1.5));
            }
            catch (TimeoutException)
            {
                return id;
            }
        }
    }
}
