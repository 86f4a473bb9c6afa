using ChangeFeed.MassTransit;
using Microsoft.Playwright;
using Orders.CustomerCare.Pages.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Orders.CustomerCare.Pages.Tests;

[Collection(nameof(CareInBrowser))]
public sealed class DeadLettersTests(CareInBrowser browser)
{
    [Fact]
    public async Task A_parked_order_is_replayed_once_the_cause_is_gone_and_completes()
    {
        await using var care = await browser.OpenSignedInAsync();
        var (id, cause) = await PlaceWhatCannotBeShippedAsync();

        await care.Page.GotoAsync("/dead-letters");
        var row = care.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = id[..13] });
        await Expect(row).ToContainTextAsync("fulfillment");
        await care.KeepAsync("dead-letters");

        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("fulfillment could not handle event 2 (Payment captured)");
        await care.KeepAsync("parked-order");

        await care.LinkAsync("See the order and its timeline");
        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Parked at fulfillment since");
        await care.KeepAsync("order-parked");
        await care.LinkAsync("See what waits at fulfillment, and replay it");

        await care.LinkAsync("Replay…");
        await Expect(care.Page.GetByText("Do this when the cause is gone")).ToBeVisibleAsync();
        await Expect(care.Page.GetByLabel("Why (optional)")).ToBeFocusedAsync();
        await care.KeepAsync("replay");
        File.Delete(cause);
        await care.Page.GetByLabel("Why (optional)").FillAsync("the carrier's file was mended");
        await care.ButtonAsync("Replay now");

        await Expect(care.Page.GetByText("All waiting events are settled.").First).ToBeVisibleAsync();
        await Expect(care.Page.Locator(".title .badge").First).ToHaveTextAsync("goes on at fulfillment");
        await care.LinkAsync("See the order and its timeline");
        await Expect(care.Page.Locator(".title .badge")).ToHaveTextAsync("Completed");
        await Expect(care.Page.Locator(".timeline h3").Last).ToHaveTextAsync("Customer notified");
    }

    [Fact]
    public async Task All_that_is_parked_is_replayed_at_once_and_the_progress_is_seen()
    {
        await using var care = await browser.OpenSignedInAsync();
        var (id, cause) = await PlaceWhatCannotBeShippedAsync();
        await care.Page.GotoAsync("/dead-letters?service=fulfillment");
        await Expect(care.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = id[..13] })).ToBeVisibleAsync();

        File.Delete(cause);
        await care.Page.GetByLabel("Text in the error").FillAsync("no such words");
        await care.ButtonAsync("Show these");
        await Expect(care.Page.GetByText("Nothing that is parked matches.")).ToBeVisibleAsync();
        await care.Page.GetByLabel("Text in the error").FillAsync("");
        await care.ButtonAsync("Show these");
        await care.LinkAsync("Replay it…");
        await Expect(care.Page.GetByText("fulfillment gets the waiting events of 1 order again")).ToBeVisibleAsync();
        await care.KeepAsync("replay-all");
        await care.ButtonAsync("Replay them all");

        await Expect(care.Page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("1 of 1 order replayed, 1 event handled. All of them go on.");
        await Expect(care.Page.GetByText("Nothing is parked.")).ToBeVisibleAsync();
        await care.KeepAsync("replayed-all");
        await browser.Pipeline.WithStatusAsync(id, "Completed");
    }

    [Fact]
    public async Task Whoever_may_only_look_is_told_what_it_takes_to_change_something()
    {
        await using var care = await browser.OpenAsync();

        var response = await care.Page.GotoAsync("/dead-letters/fulfillment/0");

        response!.Status.ShouldBe(404);
        await Expect(care.Heading("Nothing was ever parked here")).ToBeVisibleAsync();
    }

    /// <summary>Makes the carrier's record of one order unreadable while fulfillment is paused.</summary>
    private async Task<(string Order, string File)> PlaceWhatCannotBeShippedAsync()
    {
        using var client = browser.Pipeline.CreateCosmosClient();
        var controls = new ChangeFeedControls(client.GetContainer("orders", "controls"), TimeProvider.System);
        await controls.PauseAsync("fulfillment", "test", "to break something", TestContext.Current.CancellationToken);
        // A slow payment: by the time it is captured every instance knows of the pause.
        var id = await browser.Pipeline.PlaceAsync(OrderClient.Order("tok_slow"));
        var events = await Eventually.GetAsync(
            () => browser.Pipeline.EventsAsync(id), events => events.Types().Contains("PaymentCaptured"), what: "The payment");
        var key = events.Single(e => e.GetProperty("type").GetString() == "PaymentCaptured").GetProperty("meta").GetProperty("eventId").GetString();
        var directory = Directory.CreateDirectory(Path.Combine(browser.Pipeline.SimulatorDirectory, "shipments"));
        var file = Path.Combine(directory.FullName, $"{key}.json");
        await File.WriteAllTextAsync(file, "not what it should be", TestContext.Current.CancellationToken);
        await controls.ResumeAsync("fulfillment", "test", cancellationToken: TestContext.Current.CancellationToken);
        return (id, file);
    }
}
