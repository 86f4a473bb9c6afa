using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Endpoints.Management;

public sealed class ThrottleTests
{
    [Fact]
    public async Task A_limit_set_while_it_runs_refuses_the_next_requests_until_it_is_removed()
    {
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true });
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        using var client = new CosmosClient(host.ConnectionString, new()
        {
            ConnectionMode = ConnectionMode.Gateway,
            LimitToEndpoint = true,
            MaxRetryAttemptsOnRateLimitedRequests = 0,
        });
        Database database = await client.CreateDatabaseAsync("d");
        Container container = await database.CreateContainerAsync("c", "/id");

        (await http.PutAsJsonAsync("_emulator/throttle", new { unitsPerSecond = 1 })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await LimitAsync(http)).ShouldBe(1);
        var refused = await Should.ThrowAsync<CosmosException>(async () =>
        {
            for (var i = 0; i < 10; i++)
                await container.UpsertItemAsync(new { id = "1" });
        });
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);

        (await http.DeleteAsync("_emulator/throttle")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await LimitAsync(http)).ShouldBeNull();
        for (var i = 0; i < 10; i++)
            await container.UpsertItemAsync(new { id = "1" });
    }

    [Fact]
    public async Task The_limit_of_the_command_line_is_shown()
    {
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true, Throttle = 400 });
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        (await LimitAsync(http)).ShouldBe(400);
    }

    [Theory]
    [InlineData("""{"unitsPerSecond":0}""", "'unitsPerSecond' is 0; it must be a whole number from 1 to 10000000.")]
    [InlineData("{}", "'unitsPerSecond' is missing; it must be a whole number from 1 to 10000000.")]
    [InlineData("""{"units":5}""", "The limit is not valid:")]
    public async Task A_wrong_limit_is_refused_and_changes_nothing(string body, string message)
    {
        await using var host = await EmulatorHost.StartAsync(new() { Port = 0, InMemory = true, Throttle = 400 });
        using var http = new HttpClient { BaseAddress = host.Endpoint };
        using var answer = await http.PutAsync("_emulator/throttle", new StringContent(body, new MediaTypeHeaderValue("application/json")));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(message, Case.Sensitive);
        (await LimitAsync(http)).ShouldBe(400);
    }

    private static async Task<int?> LimitAsync(HttpClient http)
    {
        var limit = (await http.GetFromJsonAsync<JsonElement>("_emulator/throttle")).GetProperty("unitsPerSecond");
        return limit.ValueKind == JsonValueKind.Null ? null : limit.GetInt32();
    }
}
