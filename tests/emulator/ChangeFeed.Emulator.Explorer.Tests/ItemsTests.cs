using System.Text.RegularExpressions;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Explorer.Tests;

public sealed class ItemsTests(SharedBrowser browser)
{
    [Fact]
    public async Task Items_come_page_by_page_with_what_each_page_cost()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        await explorer.OrdersAsync(30);
        await explorer.OpenAsync("orders/items");

        await Expect(Status(explorer)).ToHaveTextAsync(new Regex(@"^Page 1: 25 results, \d+\.\d+ RU, \d+ ms$"));
        await explorer.Watched.KeepAsync("explorer-items");
        await explorer.Button("Next page").ClickAsync();
        await Expect(Status(explorer)).ToHaveTextAsync(new Regex("^Page 2: 5 results, .*, the last page$"));
        await Expect(explorer.Button("Next page")).ToBeDisabledAsync();
        await explorer.Button("Previous page").ClickAsync();
        await Expect(explorer.Button("order-1")).ToBeVisibleAsync();

        await explorer.Page.GetByLabel("Query").FillAsync("SELECT c.customer, COUNT(1) AS orders FROM c GROUP BY c.customer");
        await explorer.Page.GetByLabel("Query").PressAsync("Control+Enter");
        await Expect(explorer.Page.Locator(".values li")).ToHaveCountAsync(3);
        await Expect(explorer.Page.Locator(".values")).ToContainTextAsync("\"orders\": 10");
        await explorer.Watched.KeepAsync("explorer-values");
    }

    [Fact]
    public async Task What_is_wrong_with_a_query_stands_under_the_word_it_is_about()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/items");
        var query = explorer.Page.GetByLabel("Query");

        await query.FillAsync("SELECT c.id\nFROM c\nWHERE c.total = 5 ANDD c.customer = 'ada'");
        await query.PressAsync("Control+Enter");

        await Expect(explorer.Page.Locator("#problem mark")).ToHaveTextAsync("ANDD");
        await Expect(explorer.Page.Locator("#problem")).ToContainTextAsync("Line 3, column 19: Syntax error, incorrect syntax near 'ANDD'. (SC1001)");
        await Expect(query).ToHaveAttributeAsync("aria-invalid", "true");
        explorer.Watched.Expected("400 (Bad Request)");
        await explorer.Watched.KeepAsync("explorer-problem");
        await explorer.Button("Go there").ClickAsync();
        (await query.EvaluateAsync<string>("area => area.value.slice(area.selectionStart, area.selectionEnd)")).ShouldBe("ANDD");

        // One that has no place in the text.
        await query.FillAsync("SELECT * FROM c WHERE ST_DISTANCE(c.a, c.b) < 1");
        await query.PressAsync("Control+Enter");
        await Expect(explorer.Page.Locator("#problem")).ToContainTextAsync("ST_DISTANCE");
        await Expect(explorer.Page.Locator("#problem mark")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_item_is_made_changed_and_deleted()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/items");
        var text = explorer.Page.GetByLabel("JSON");

        await explorer.Button("New item").ClickAsync();
        // A number JavaScript cannot hold, a name outside ASCII as the key.
        await text.FillAsync("""{ "id": "new", "customer": "Ämilie ✓", "number": 12345678901234567890 }""");
        await explorer.Button("Create").ClickAsync();
        await Expect(explorer.Page.GetByText("Created for")).ToBeVisibleAsync();

        await text.FillAsync((await text.InputValueAsync()).Replace("\"number\"", "\"big\"", StringComparison.Ordinal));
        await explorer.Button("Save").ClickAsync();
        await Expect(explorer.Page.GetByText("Saved for")).ToBeVisibleAsync();
        (await StoredAsync(orders)).ShouldContain("\"big\": 12345678901234567890");
        await explorer.Watched.KeepAsync("explorer-item");

        await explorer.Button("Delete").ClickAsync();
        await explorer.Button("Cancel").ClickAsync();
        (await StoredAsync(orders)).ShouldNotBeEmpty();
        await explorer.Button("Delete").ClickAsync();
        await explorer.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(Status(explorer)).ToContainTextAsync("1 result,");
        (await StoredAsync(orders)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_not_overwritten()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/items");
        await explorer.Button("order-1").ClickAsync();
        await Expect(explorer.Watched.Heading("Item order-1")).ToBeFocusedAsync();

        await orders.PatchItemAsync<object>("order-1", new("customer-1"), [PatchOperation.Set("/total", 77)]);
        var text = explorer.Page.GetByLabel("JSON");
        await text.FillAsync((await text.InputValueAsync()).Replace("EUR", "USD", StringComparison.Ordinal));
        await explorer.Button("Save").ClickAsync();
        await Expect(explorer.Page.GetByText("Somebody else has changed the item")).ToBeVisibleAsync();
        explorer.Watched.Expected("412 (Precondition Failed)");

        await explorer.Button("Read again").ClickAsync();
        await Expect(text).ToHaveValueAsync(new Regex("\"total\": 77"));
        await text.PressAsync("Escape");
        await Expect(explorer.Button("order-1")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_items_say_is_shown_and_never_run()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(0);
        const string evil = "<img src=x onerror=\"document.title='gotcha'\">";
        await orders.CreateItemAsync(new { id = evil.Replace("/", ""), customer = evil, note = $"{evil}<script>document.title='gotcha'</script>" });
        await explorer.OpenAsync("orders/items");

        await explorer.Button(evil).ClickAsync();

        await Expect(explorer.Watched.Heading($"Item {evil}")).ToBeVisibleAsync();
        await Expect(explorer.Page.GetByLabel("JSON")).ToHaveValueAsync(new Regex("<script>"));
        (await explorer.Page.TitleAsync()).ShouldBe("orders · Items · Data explorer");
        (await explorer.Page.Locator("main img").CountAsync()).ShouldBe(0);
    }

    private static ILocator Status(Explorer explorer) => explorer.Page.Locator("main p[role=status]").First;

    private static async Task<string> StoredAsync(Container orders)
    {
        using var page = await orders.GetItemQueryStreamIterator("SELECT * FROM c WHERE c.id = 'new'").ReadNextAsync();
        using var reader = new StreamReader(page.Content, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        return text.Contains("\"_count\":0", StringComparison.Ordinal) ? "" : text;
    }
}
