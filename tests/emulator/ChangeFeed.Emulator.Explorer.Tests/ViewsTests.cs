using System.Text.RegularExpressions;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Explorer.Tests;

public sealed class ViewsTests(SharedBrowser browser)
{
    [Fact]
    public async Task Whoever_types_the_address_of_the_store_sees_its_containers()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        await explorer.Page.GotoAsync("/");
        await Expect(explorer.Page.GetByText("Nothing here yet.")).ToBeVisibleAsync();
        await explorer.OrdersAsync(4);
        await explorer.Page.ReloadAsync();

        await Expect(Row(explorer, "orders")).ToContainTextAsync("shop");
        (await Row(explorer, "orders").Locator("td").AllInnerTextsAsync()).Skip(2).Take(3).ShouldBe(["4", "1.1 KB", "2"]);
        await explorer.Watched.KeepAsync("explorer-overview");
        await explorer.Page.GetByRole(AriaRole.Navigation, new() { Name = "Databases and containers" })
            .GetByRole(AriaRole.Link, new() { Name = "orders" }).ClickAsync();
        await explorer.Watched.LinkAsync("Settings");
        await Expect(explorer.Page.Locator(".facts")).ToContainTextAsync("400 RU/s");
        await explorer.Watched.KeepAsync("explorer-settings");
    }

    [Fact]
    public async Task Regions_are_shown_with_what_is_the_matter_with_them()
    {
        await using var explorer = await Explorer.StartAsync(browser, options => options with { Regions = ["west", "east", "north"] });
        using var http = new HttpClient();
        (await http.PostAsync(new Uri(explorer.Endpoint, "_emulator/regions/west/lose"), null)).EnsureSuccessStatusCode();
        await explorer.Page.GotoAsync("/_explorer/");

        await Expect(explorer.Page.GetByText("You see the data of east.")).ToBeVisibleAsync();
        await Expect(explorer.Page.GetByRole(AriaRole.Row, new() { Name = "west read lost" })).ToBeVisibleAsync();
        await Expect(explorer.Page.GetByRole(AriaRole.Row, new() { Name = "east written to online" })).ToBeVisibleAsync();
        await Expect(explorer.Page.GetByRole(AriaRole.Row, new() { Name = "north read online" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Partitions_say_what_they_hold_and_are_split()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        await explorer.OrdersAsync(9, partitions: 1);
        await explorer.OpenAsync("orders/partitions");

        // Written one by one: nine transactions, each of 4.95 units for its kilobyte and 0.2 for each of its four terms.
        var row = explorer.Page.GetByRole(AriaRole.Row).Nth(1);
        await Expect(row).ToContainTextAsync("first");
        (await row.Locator("td").AllInnerTextsAsync()).Skip(3).Take(5).ShouldBe(["9", " 2.4 KB", "9", "9", "51.75 RU"]);
        await explorer.Button("Split").ClickAsync();
        await explorer.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Split" }).ClickAsync();

        await Expect(explorer.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await explorer.Watched.KeepAsync("explorer-partitions");
    }

    [Fact]
    public async Task The_change_feed_is_shown_as_it_comes_across_a_split()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(3);
        await explorer.OpenAsync("orders/feed");
        var changes = explorer.Page.Locator(".changes li");

        await explorer.Page.GetByLabel("The beginning").CheckAsync();
        await explorer.Button("Listen").ClickAsync();
        await Expect(changes).ToHaveCountAsync(3);
        using (var http = new HttpClient { BaseAddress = explorer.Endpoint })
            (await http.PostAsync("_emulator/containers/shop/orders/split/0", null)).EnsureSuccessStatusCode();
        await Explorer.AddOrderAsync(orders, 4);

        await Expect(changes).ToHaveCountAsync(4);
        await Expect(changes.First).ToContainTextAsync("order-4");
        await explorer.Watched.KeepAsync("explorer-feed");
        await explorer.Button("Stop").ClickAsync();
        await Expect(explorer.Page.GetByText("Stopped.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_version_and_every_delete_is_shown_as_it_comes()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(1);
        await explorer.OpenAsync("orders/feed");
        var changes = explorer.Page.Locator(".changes li");

        await explorer.Page.GetByLabel("All versions and deletes").CheckAsync();
        await explorer.Button("Listen").ClickAsync();
        await Expect(explorer.Page.GetByText("Listening on 2 partitions: 0 changes")).ToBeVisibleAsync();
        await Explorer.AddOrderAsync(orders, 2);
        await orders.PatchItemAsync<object>("order-2", new("customer-2"), [PatchOperation.Set("/total", 77)]);
        await orders.DeleteItemAsync<object>("order-2", new("customer-2"));

        await Expect(changes).ToHaveCountAsync(3);
        (await changes.Locator(".badge").AllInnerTextsAsync()).ShouldBe(["delete", "replace", "create"]);
        await changes.First.Locator("summary").ClickAsync();
        await Expect(changes.First.Locator("pre")).ToContainTextAsync("\"total\": 77");
    }

    [Fact]
    public async Task Leases_say_who_reads_what_and_how_far_behind()
    {
        await using var explorer = await Explorer.StartAsync(browser);
        var orders = await explorer.OrdersAsync(3, partitions: 1);
        Container leases = await orders.Database.CreateContainerAsync("leases", "/id");
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var processor = orders.GetChangeFeedProcessorBuilder<object>("billing:", (context, changes, token) =>
        {
            handled.TrySetResult();
            return Task.CompletedTask;
        }).WithInstanceName("worker-1").WithLeaseContainer(leases).WithStartTime(DateTime.MinValue.ToUniversalTime())
            .WithPollInterval(TimeSpan.FromMilliseconds(50)).Build();
        await processor.StartAsync();
        await handled.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await explorer.OpenAsync("leases/leases");
        var lease = explorer.Page.Locator(".leases li");

        await Expect(explorer.Watched.Heading("Processor billing")).ToBeVisibleAsync();
        await Expect(lease).ToHaveTextAsync(
            new Regex(@"^Partition 0: worker-1 holds it, renewed \d+ s ago; handled up to LSN 3, up to date\.$"));
        await processor.StopAsync();
        await Explorer.AddOrderAsync(orders, 4);
        await Explorer.AddOrderAsync(orders, 5);

        await Expect(lease).ToHaveTextAsync(
            new Regex(@"^Partition 0: nobody holds it, let go \d+ s ago; handled up to LSN 3, 2 transactions behind\.$"));
        await Expect(explorer.Page.GetByText("Reads shop/orders with 1 lease, held by 0 instances; 2 transactions behind.")).ToBeVisibleAsync();
        await explorer.Watched.KeepAsync("explorer-leases");
    }

    private static ILocator Row(Explorer explorer, string container) =>
        explorer.Page.GetByRole(AriaRole.Row).Filter(new() { Has = explorer.Page.GetByRole(AriaRole.Link, new() { Name = container, Exact = true }) });
}
