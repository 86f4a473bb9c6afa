using System.Net;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>What a test can do to its endpoint, and ask of it.</summary>
public sealed class ControlsTests : IAsyncLifetime
{
    private CosmosEmulator _cosmos = null!;
    private CosmosClient _client = null!;
    private Container _orders = null!;

    public async ValueTask InitializeAsync()
    {
        _cosmos = await CosmosEmulator.StartAsync();
        _client = _cosmos.CreateClient(options => options.MaxRetryAttemptsOnRateLimitedRequests = 0);
        Database database = await _client.CreateDatabaseAsync("shop");
        _orders = await database.CreateContainerAsync(new("orders", "/customer") { DefaultTimeToLive = 3600 });
        await _orders.CreateItemAsync(new Item("1", "ada"), new("ada"));
        await ReadAsync();
    }

    [Fact]
    public async Task Faults_happen_as_often_as_asked_and_to_what_was_asked()
    {
        await _cosmos.InjectFaultAsync(
            new() { Status = HttpStatusCode.Conflict, Method = HttpMethod.Get, Path = "/colls/orders/docs/1", Count = 2 });

        for (var i = 0; i < 2; i++)
            (await Should.ThrowAsync<CosmosException>(ReadAsync)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await ReadAsync();
        await _orders.UpsertItemAsync(new Item("1", "ada"), new("ada"));
    }

    [Fact]
    public async Task Faults_end_when_they_are_removed()
    {
        await _cosmos.InjectFaultAsync(new() { Status = HttpStatusCode.Forbidden, SubStatus = 5300 });
        var exception = await Should.ThrowAsync<CosmosException>(ReadAsync);
        (exception.StatusCode, exception.SubStatusCode).ShouldBe((HttpStatusCode.Forbidden, 5300));

        await _cosmos.RemoveFaultsAsync();

        await ReadAsync();
    }

    [Fact]
    public async Task A_fault_that_makes_no_sense_is_refused() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => _cosmos.InjectFaultAsync(new()))).Message
            .ShouldBe("A fault needs 'status', 'delayMs' or both.");

    [Fact]
    public async Task Beyond_the_limit_requests_are_told_to_wait()
    {
        await _cosmos.ThrottleAsync(1);
        await _orders.UpsertItemAsync(new Item("1", "ada"), new("ada"));
        var exception = await Should.ThrowAsync<CosmosException>(ReadAsync);
        exception.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        exception.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);

        await _cosmos.ThrottleAsync(null);

        await ReadAsync();
    }

    [Fact]
    public async Task A_partition_is_split_under_its_readers()
    {
        (await _cosmos.SplitAsync(_orders)).ShouldBe(["1", "2"]);

        await ReadAsync();
        (await Should.ThrowAsync<InvalidOperationException>(() => _cosmos.SplitAsync(_orders))).Message.ShouldContain("0");
    }

    [Fact]
    public async Task An_hour_later_what_lives_an_hour_is_gone()
    {
        _cosmos.Advance(TimeSpan.FromMinutes(59));
        await ReadAsync();
        _cosmos.Advance(TimeSpan.FromMinutes(2));

        (await Should.ThrowAsync<CosmosException>(ReadAsync)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var created = await _orders.CreateItemAsync(new Item("1", "ada"), new("ada"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        Should.Throw<ArgumentOutOfRangeException>(() => _cosmos.Advance(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task What_something_costs_is_measured_and_bounded()
    {
        (await _cosmos.MeasureAsync(ReadAsync)).ShouldBe(1);
        await _cosmos.AssertCostsAtMostAsync(1, ReadAsync);

        var exception = await Should.ThrowAsync<RequestUnitException>(() => _cosmos.AssertCostsAtMostAsync(1.5, async () =>
        {
            await ReadAsync();
            await ReadAsync();
        }));

        exception.Message.ShouldBe("It cost 2 RU and may cost 1.5: shop/orders 2 RU in 2 requests.");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cosmos.DisposeAsync();
    }

    private Task ReadAsync() => _orders.ReadItemAsync<Item>("1", new("ada"));

    // Small letters: the client's default serializer writes names as they are.
    private sealed record Item(string id, string customer);
}
