using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Orders.CustomerCare.Tests.Shopping;

public sealed class ShopperTests(WithStore service) : IClassFixture<WithStore>
{
    private const string Shopper = "/care/shopper";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_starts_and_stops_it_and_both_are_kept()
    {
        await using var development = Development();
        var client = Client(development, WithStore.OperatorKey);

        (await (await client.PutAsJsonAsync(Shopper, new { rate = " 2/min " }, Stop)).JsonAsync())["rate"]!.GetValue<string>().ShouldBe("2/min");
        (await (await Client(development, WithStore.ReaderKey).GetAsync(Shopper, Stop)).JsonAsync())["rate"]!.GetValue<string>().ShouldBe("2/min");
        (await (await client.DeleteAsync(Shopper, Stop)).JsonAsync()).AsObject().ShouldNotContainKey("rate");
        (await (await client.GetAsync(Shopper, Stop)).JsonAsync()).AsObject().ShouldNotContainKey("rate");

        var kept = (await (await client.GetAsync("/care/audit?subject=shopper", Stop)).JsonAsync())["records"]!.AsArray();
        kept.Select(record => (string?)record!["action"]).ShouldBe(["stop", "start"]);
        kept.ShouldAllBe(record => (string?)record!["who"] == "development" && (string?)record["outcome"] == "done");
        ((string?)kept[1]!["what"]!["rate"]).ShouldBe("2/min");
    }

    [Theory]
    [InlineData("often", "Must be a number of orders per second or minute, at most 100/s, such as 5/s or 20/min.")]
    [InlineData("101/s", "Must be a number of orders per second or minute, at most 100/s, such as 5/s or 20/min.")]
    [InlineData(" ", "Must have 1 to 12 characters.")]
    [InlineData("1000000000/min", "Must have at most 12 characters.")]
    public async Task A_wrong_rate_is_named_and_starts_nothing(string rate, string problem)
    {
        await using var development = Development();
        var client = Client(development, WithStore.OperatorKey);

        var answer = await (await client.PutAsJsonAsync(Shopper, new { rate }, Stop)).ProblemAsync(400);

        answer["errors"]!["rate"]![0]!.GetValue<string>().ShouldBe(problem);
        (await (await client.GetAsync(Shopper, Stop)).JsonAsync()).AsObject().ShouldNotContainKey("rate");
    }

    [Fact]
    public async Task Starting_and_stopping_it_needs_an_operator()
    {
        var body = new { rate = "2/s" };

        await (await service.Client(null).PutAsJsonAsync(Shopper, body, Stop)).ProblemAsync(401);
        await (await service.Client(WithStore.ReaderKey).PutAsJsonAsync(Shopper, body, Stop)).ProblemAsync(403);
        await (await service.Client(WithStore.ReaderKey).DeleteAsync(Shopper, Stop)).ProblemAsync(403);
    }

    [Fact]
    public async Task Outside_of_development_there_is_none()
    {
        await using var production = service.WithWebHostBuilder(builder => builder.UseEnvironment("Production"));
        var client = Client(production, WithStore.OperatorKey);

        await (await client.GetAsync(Shopper, Stop)).ProblemAsync(404);
        await (await client.PutAsJsonAsync(Shopper, new { rate = "2/s" }, Stop)).ProblemAsync(404);
        await (await client.DeleteAsync(Shopper, Stop)).ProblemAsync(404);
    }

    private WebApplicationFactory<Program> Development() => service.WithWebHostBuilder(builder =>
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("Shopper:OrdersApi", "http://127.0.0.1:1");
    });

    private static HttpClient Client(WebApplicationFactory<Program> factory, string key)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }
}
