using System.Runtime.CompilerServices;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Explorer.Tests;

/// <summary>A store of its own and a page of its data explorer.</summary>
internal sealed class Explorer : IAsyncDisposable
{
    private readonly EmulatorHost _host;

    private Explorer(EmulatorHost host, WatchedPage page)
    {
        _host = host;
        Watched = page;
        Client = new(host.ConnectionString, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway, LimitToEndpoint = true });
    }

    public CosmosClient Client { get; }

    public WatchedPage Watched { get; }

    public IPage Page => Watched.Page;

    public Uri Endpoint => _host.Endpoint;

    public static async Task<Explorer> StartAsync(SharedBrowser browser, Func<EmulatorOptions, EmulatorOptions>? configure = null)
    {
        Assert.SkipWhen(Chromium.Path is null, Chromium.Missing);
        var options = new EmulatorOptions { Port = 0, InMemory = true };
        var host = await EmulatorHost.StartAsync(configure?.Invoke(options) ?? options);
        return new(host, new(await browser.NewPageAsync(host.Endpoint), Screenshots));
    }

    /// <summary>A container with orders of three customers, which keeps its versions.</summary>
    public async Task<Container> OrdersAsync(int count, int partitions = 2)
    {
        Database database = await Client.CreateDatabaseIfNotExistsAsync("shop");
        Container container = await database.CreateContainerAsync(
            new("orders", "/customer") { ChangeFeedPolicy = new() { FullFidelityRetention = TimeSpan.FromMinutes(60) } },
            requestOptions: new() { AddRequestHeaders = headers => headers.Add("x-ms-emulator-partitions", $"{partitions}") });
        for (var i = 1; i <= count; i++)
            await AddOrderAsync(container, i);
        return container;
    }

    public static Task AddOrderAsync(Container container, int number) =>
        container.CreateItemAsync(new { id = $"order-{number}", customer = $"customer-{number % 3}", total = number * 10, currency = "EUR" });

    public Task OpenAsync(string view) => Page.GotoAsync($"/_explorer/#/shop/{view}");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async ValueTask DisposeAsync()
    {
        await Watched.DisposeAsync();
        Client.Dispose();
        await _host.DisposeAsync();
    }

    private static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository(), "artifacts", "screenshots")).FullName;

    private static string Repository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
