using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class OrderPageTests(CareInBrowser browser)
{
    [Fact]
    public async Task The_timeline_tells_what_happened_and_the_slider_shows_the_order_at_any_point()
    {
        await using var care = await browser.OpenAsync();
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order(sku: "OUT-OF-STOCK"));
        await browser.Pipeline.EndedAsync(id);

        await care.Page.GotoAsync($"/orders/{id}");

        await Expect(care.Page.Locator(".timeline h3")).ToHaveTextAsync(
            ["Order placed", "Tax calculated", "Payment captured", "Order rejected", "Payment refunded", "Customer notified"]);
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Rejected by fulfillment: out of stock");

        var state = care.Page.Locator("section", new() { Has = care.Page.Locator("#state") });
        await care.Page.GetByLabel("Move along the timeline").FocusAsync();
        await care.Page.Keyboard.PressAsync("Home");
        await Expect(state.GetByRole(AriaRole.Heading)).ToHaveTextAsync("The order after event 0");
        await Expect(state.Locator(".badge")).ToHaveTextAsync("Placed");
        for (var i = 0; i < 2; i++)
            await care.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(state.Locator(".badge")).ToHaveTextAsync("Paid");
        await Expect(care.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"at=2$"));
        await Expect(care.Page.Locator(".step.later")).ToHaveCountAsync(3);
        await care.KeepAsync("order-at-a-point");

        await care.Page.Locator("#data-3 summary").ClickAsync();
        await Expect(care.Page.Locator("#data-3 pre")).ToContainTextAsync("\"type\": \"FulfillmentRejected\"");
    }

    [Fact]
    public async Task A_page_that_is_open_follows_its_order()
    {
        await using var care = await browser.OpenAsync();
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order("tok_slow"));

        await care.Page.GotoAsync($"/orders/{id}");
        await care.Page.Locator("#data-0 summary").ClickAsync();

        await Expect(care.Page.Locator(".title .badge")).ToHaveTextAsync("Completed");
        await Expect(care.Page.Locator(".timeline h3")).ToHaveCountAsync(5);
        (await care.Page.Locator("#data-0").GetAttributeAsync("open")).ShouldNotBeNull("what was open stays open");
    }

    [Fact]
    public async Task A_shipped_order_is_refunded_once_and_the_notice_is_sent_again()
    {
        await using var care = await browser.OpenSignedInAsync();
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order());
        await browser.Pipeline.WithStatusAsync(id, "Completed");

        await care.Page.GotoAsync($"/orders/{id}");
        await care.LinkAsync("Refund the order…");
        await care.KeepAsync("refund");
        await care.Page.GetByLabel("Why").FillAsync("arrived broken");
        await care.ButtonAsync("Refund the order");
        await Expect(care.Page.Locator(".timeline h3").Last).ToHaveTextAsync("Payment refunded");
        await Expect(care.Page.GetByRole(AriaRole.Link, new() { Name = "Refund the order…" })).ToHaveCountAsync(0);

        await care.LinkAsync("Send the notice again…");
        await care.Page.GetByLabel("Why").FillAsync("the mail did not arrive");
        await care.ButtonAsync("Send the notice again");
        await Expect(care.Page.Locator(".timeline h3")).ToHaveTextAsync(
            ["Order placed", "Tax calculated", "Payment captured", "Order shipped", "Customer notified", "Refund asked for", "Payment refunded",
                "Notice asked for again", "Customer notified"]);
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("All is well with this order.");
        await care.KeepAsync("order-refunded");

        await care.LinkAsync("Who did something to this order, and who looked at it");
        await Expect(care.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Refund" })).ToContainTextAsync("arrived broken");
        await Expect(care.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Read order" }).First).ToContainTextAsync("development");
        await care.KeepAsync("audit");

        var effects = Effects.Of(browser.Pipeline);
        (effects.Refunds[id].Count(), effects.MailsOf(id)).ShouldBe((1, 2));
    }

    [Fact]
    public async Task An_order_that_is_not_there_says_what_to_do()
    {
        await using var care = await browser.OpenAsync();

        var response = await care.Page.GotoAsync("/orders/17");

        response!.Status.ShouldBe(404);
        await Expect(care.Heading("There is no such order")).ToBeVisibleAsync();
    }
}
