using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace Orders.Pipeline.Tests;

[Collection(nameof(SharedPipeline))]
public sealed class ViewsTests(SharedPipeline shared)
{
    private readonly RunningPipeline _pipeline = shared.Pipeline;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_is_rebuilt_while_customers_read_it_and_the_rebuild_is_killed_and_interrupted_on_the_way()
    {
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var customers = Enumerable.Range(0, 3).Select(_ => CustomerAsync(load.Token)).ToList();

        await using (var killed = ViewsCommand.Start(_pipeline, "rebuild", "order-status"))
        {
            await killed.PrintsAsync("Building order-status");
            killed.Kill();
            await killed.ExitAsync();
        }

        (await ListAsync()).ShouldContain("order-status v1  serves");
        await using (var interrupted = ViewsCommand.Start(_pipeline, "rebuild", "order-status"))
        {
            await interrupted.PrintsAsync("All readers look at both versions");
            interrupted.Interrupt();
            (await interrupted.ExitAsync()).ShouldBe(130, interrupted.Output);
        }

        (await ListAsync()).ShouldContain("order-status v1  serves");
        var rebuilt = await ViewsCommand.RunAsync(_pipeline, "rebuild", "order-status");
        rebuilt.ExitCode.ShouldBe(0, rebuilt.Output);
        (await ListAsync()).ShouldContain("order-status v2  serves");
        var removed = await ViewsCommand.RunAsync(_pipeline, "remove", "order-status", "v1");
        removed.ExitCode.ShouldBe(0, removed.Output);

        await load.CancelAsync();
        (await Task.WhenAll(customers)).Sum().ShouldBeGreaterThan(0);
        await ProductNamesAreShownAsync();
        await VerifyFindsDamageAsync("order-status-v2");
    }

    [Fact]
    public async Task An_order_is_in_the_statistics_as_soon_as_it_shipped()
    {
        var before = await StatisticsAsync();
        await _pipeline.WithStatusAsync(await _pipeline.PlaceAsync(OrderClient.Order()), "Completed");

        await Eventually.GetAsync(StatisticsAsync, now => now.Orders > before.Orders && now.Shipped > before.Shipped && now.Revenue > before.Revenue);
    }

    private async Task<(long Orders, long Shipped, decimal Revenue)> StatisticsAsync()
    {
        var total = JsonElement.Parse(await _pipeline.Orders.GetStringAsync("/stats?per=hour", Stop)).GetProperty("total");
        var revenue = total.GetProperty("revenue").TryGetProperty("USD", out var usd) ? usd.GetDecimal() : 0;
        return (total.GetProperty("orders").GetInt64(), total.GetProperty("shipped").GetInt64(), revenue);
    }

    private async Task ProductNamesAreShownAsync()
    {
        (await _pipeline.Orders.PutAsJsonAsync("/products/KB-01", new { name = "Keyboard, quiet" }, Stop)).EnsureSuccessStatusCode();
        await Eventually.GetAsync(
            async () => JsonElement.Parse(await _pipeline.Orders.GetStringAsync("/products/KB-01/renaming", Stop)).GetProperty("state").GetString(), state =>
                state == "Done");

        var id = await _pipeline.PlaceAsync(OrderClient.Order());
        await ViewHasAsync(id, version: 4);
        var order = JsonElement.Parse(await _pipeline.Orders.GetStringAsync($"/orders/{id}", Stop));
        order.GetProperty("lines")[0].GetProperty("productName").GetString().ShouldBe("Keyboard, quiet");
    }

    private async Task VerifyFindsDamageAsync(string container)
    {
        var id = await _pipeline.PlaceAsync(OrderClient.Order());
        await ViewHasAsync(id, version: 4);
        using var client = _pipeline.CreateCosmosClient();
        var view = client.GetContainer("orders", container);
        await view.PatchItemAsync<JsonElement>(id, new PartitionKey(id), [PatchOperation.Set("/reason", "somebody's")], cancellationToken: Stop);

        var damaged = await ViewsCommand.RunAsync(_pipeline, "verify", "order-status", "--settle", "1");
        damaged.ExitCode.ShouldBe(2, damaged.Output);
        damaged.Output.ShouldContain($"{container}: document '{id}' of stream {id} has other content than its events say at version 4.");

        await view.PatchItemAsync<JsonElement>(id, new PartitionKey(id), [PatchOperation.Remove("/reason")], cancellationToken: Stop);
        var repaired = await ViewsCommand.RunAsync(_pipeline, "verify");
        repaired.ExitCode.ShouldBe(0, repaired.Output);
    }

    private async Task ViewHasAsync(string id, long version) => await Eventually.GetAsync(
        async () =>
        {
            using var response = await _pipeline.Orders.GetAsync($"/orders/{id}", Stop);
            return ViewVersionOf(response);
        },
        view => view >= version,
        what: "The view of the order");

    // Before the view has an order it is answered from its events, and -1 here.
    private static long ViewVersionOf(HttpResponseMessage response) =>
        long.Parse(response.Headers.GetValues("X-View-Version").Single(), CultureInfo.InvariantCulture);

    private async Task<string> ListAsync() => (await ViewsCommand.RunAsync(_pipeline, "list")).Output;

    /// <summary>Places orders and looks at each until it is completed: every answer must be there and none older than one before.</summary>
    private async Task<int> CustomerAsync(CancellationToken stop)
    {
        var completed = 0;
        for (; !stop.IsCancellationRequested; completed++)
        {
            var id = await _pipeline.PlaceAsync(OrderClient.Order());
            for (var (seenView, seen, status) = (-1L, -1L, ""); status != "Completed";)
            {
                using var response = await _pipeline.Orders.GetAsync($"/orders/{id}", Stop);
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                var order = JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop));
                var view = ViewVersionOf(response);
                view.ShouldBeGreaterThanOrEqualTo(seenView);
                var version = order.GetProperty("version").GetInt64();
                version.ShouldBeGreaterThanOrEqualTo(seen);
                (seenView, seen, status) = (view, version, order.GetProperty("status").GetString()!);
            }
        }

        return completed;
    }
}
