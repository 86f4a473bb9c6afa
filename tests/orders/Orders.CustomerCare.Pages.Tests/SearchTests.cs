using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class SearchTests(CareInBrowser browser)
{
    [Fact]
    public async Task An_order_is_found_by_its_customer_and_by_its_id()
    {
        await using var care = await browser.OpenAsync();
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order(customer: "c-of-the-search"));
        await browser.Pipeline.WithStatusAsync(id, "Completed");

        await care.Page.GotoAsync("/search");
        await care.Page.GetByLabel("Look for").FillAsync("c-of-the-search");
        await care.Page.Keyboard.PressAsync("Enter");
        var row = care.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = id[..13] });
        await Expect(row).ToContainTextAsync("Completed");
        await care.KeepAsync("search");
        await row.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(care.Page.Locator("h1")).ToContainTextAsync(id);

        await care.Page.GotoAsync("/search");
        await care.Page.GetByLabel("Look for").FillAsync(id);
        await care.ButtonAsync("Search");
        await Expect(care.Page.Locator("h1")).ToContainTextAsync(id);

        foreach (var text in new[] { "ada@example.org", "KB-01" })
        {
            await care.Page.GotoAsync($"/search?q={text}");
            await Expect(row).ToContainTextAsync("Completed");
        }

        await care.Page.GotoAsync("/search");
        await care.Page.GetByText("By what happened, and when").ClickAsync();
        await care.Page.GetByLabel("Event").SelectOptionAsync("OrderShipped");
        await care.Page.GetByLabel("Done by").FillAsync("fulfillment");
        await care.ButtonAsync("Search");
        await Expect(row).ToContainTextAsync("Completed");
        await care.KeepAsync("search-by-event");

        await care.Page.GotoAsync("/search?q=nobody-has-this");
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Nothing was found.");
    }

    [Fact]
    public async Task An_order_is_cancelled_in_the_name_of_the_agent()
    {
        await using var care = await browser.OpenSignedInAsync();
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order("tok_hang"));
        await browser.Pipeline.WithStatusAsync(id, "Taxed");

        await care.Page.GotoAsync($"/orders/{id}");
        await care.LinkAsync("Cancel the order…");
        await Expect(care.Page.GetByText("what was paid goes back to them")).ToBeVisibleAsync();
        await care.KeepAsync("cancel");
        await care.Page.GetByLabel("Why").FillAsync("the customer called");
        await care.ButtonAsync("Cancel the order");

        await Expect(care.Page.Locator(".title .badge")).ToHaveTextAsync("Cancelled");
        var step = care.Page.Locator(".step", new() { HasText = "Order cancelled" });
        await Expect(step).ToContainTextAsync("the customer called");
        await Expect(step).ToContainTextAsync("by development");
        // Lets the payment end, which would otherwise be waited for when the system stops.
        await File.WriteAllTextAsync(Path.Combine(browser.Pipeline.SimulatorDirectory, "repaired"), "", TestContext.Current.CancellationToken);
    }
}
