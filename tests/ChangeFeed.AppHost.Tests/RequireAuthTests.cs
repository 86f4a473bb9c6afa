using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChangeFeed.AppHost.Commands;

namespace ChangeFeed.AppHost.Tests;

/// <summary>The whole system where every call needs a caller: what calls the APIs itself holds the key.</summary>
public sealed class RequireAuthTests
{
    private const string Key = "key-of-the-require-auth-tests";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_let_in_without_the_key_and_with_it_everything_works_as_ever()
    {
        await using var pipeline = await RunningPipeline.StartAsync(
            null, "--topology=compact", $"--care-key={Key}", "--require-auth=true", "--shopper=5/s");
        (await pipeline.Orders.PostAsJsonAsync("/orders", OrderClient.Order(), Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await pipeline.Orders.DeleteAsync("/customers/c-1001", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await pipeline.Care.GetAsync("/care/services", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        pipeline.Orders.DefaultRequestHeaders.Add("X-Api-Key", Key);
        pipeline.Care.DefaultRequestHeaders.Add("X-Api-Key", Key);
        await pipeline.WithStatusAsync(await pipeline.PlaceAsync(OrderClient.Order()), "Completed");
        var placed = await pipeline.ExecuteAsync("orders-api", OrderCommands.PlaceOrder);
        placed.Success.ShouldBeTrue(placed.Message);
        await Eventually.GetAsync(
            () => pipeline.Care.GetFromJsonAsync<JsonElement>("/care/shopper", Stop),
            shopper => shopper.GetProperty("placed").GetInt64() > 0,
            what: "An order of the shopper");
    }
}
