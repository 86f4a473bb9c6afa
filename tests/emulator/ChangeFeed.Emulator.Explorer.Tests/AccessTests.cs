namespace ChangeFeed.Emulator.Explorer.Tests;

public sealed class AccessTests(SharedBrowser browser)
{
    private static readonly string OwnKey = Convert.ToBase64String("a key of one's own"u8);

    [Fact]
    public async Task A_key_of_ones_own_is_asked_for_and_never_in_an_address()
    {
        await using var explorer = await Explorer.StartAsync(browser, options => options with { Key = OwnKey });
        await explorer.OrdersAsync(1);
        var addresses = new List<string>();
        explorer.Page.Request += (_, request) => addresses.Add(request.Url);
        await explorer.Page.GotoAsync("/");

        await Expect(explorer.Page.GetByLabel("Account key")).ToBeFocusedAsync();
        explorer.Watched.Expected("401 (Unauthorized)");
        await explorer.Watched.KeepAsync("explorer-key");
        await explorer.Page.GetByLabel("Account key").FillAsync(EmulatorOptions.WellKnownKey);
        await explorer.Button("Open").ClickAsync();
        await Expect(explorer.Page.GetByText("The key shown is not the account key")).ToBeVisibleAsync();
        await explorer.Page.GetByLabel("Account key").FillAsync(OwnKey);
        await explorer.Button("Open").ClickAsync();

        await Expect(explorer.Watched.Heading("Containers")).ToBeVisibleAsync();
        addresses.ShouldAllBe(address => !address.Contains(Uri.EscapeDataString(OwnKey)) && !address.Contains(OwnKey));
    }

    [Fact]
    public async Task One_that_only_reads_shows_nothing_that_changes_something()
    {
        await using var explorer = await Explorer.StartAsync(browser, options => options with { Explorer = ExplorerMode.ReadOnly });
        await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/items");

        await explorer.Button("order-1").ClickAsync();
        await Expect(explorer.Watched.Heading("Item order-1")).ToBeVisibleAsync();
        await Expect(explorer.Page.Locator("#mode")).ToHaveTextAsync("read-only");
        await Expect(explorer.Page.GetByLabel("JSON")).ToHaveAttributeAsync("readonly", "");
        foreach (var name in (string[])["Save", "Delete", "New item"])
            await Expect(explorer.Button(name)).ToHaveCountAsync(0);
        await explorer.Watched.LinkAsync("Partitions");
        await Expect(explorer.Button("Count again")).ToBeVisibleAsync();
        await Expect(explorer.Button("Split")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_keyboard_gets_to_the_content_first_and_to_every_view()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/items");
        await Expect(explorer.Button("order-1")).ToBeVisibleAsync();

        await explorer.Page.Keyboard.PressAsync("Tab");
        await Expect(explorer.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await explorer.Page.Keyboard.PressAsync("Enter");
        await Expect(explorer.Page.Locator("main")).ToBeFocusedAsync();
        foreach (var name in new[] { "Items", "Partitions", "Change feed", "Leases", "Settings" })
        {
            await explorer.Page.Keyboard.PressAsync("Tab");
            await Expect(explorer.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeFocusedAsync();
        }
        await explorer.Page.Keyboard.PressAsync("Tab");
        await Expect(explorer.Page.GetByLabel("Query")).ToBeFocusedAsync();
    }
}
