using System.Net;
using ChangeFeed.Emulator.Testing;
using ChangeFeed.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Options;

namespace Orders.Hosting.Tests;

public sealed class StartTests : IAsyncLifetime
{
    private CosmosEmulator _cosmos = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cosmos = await CosmosEmulator.StartAsync();

    public ValueTask DisposeAsync() => _cosmos.DisposeAsync();

    [Fact]
    public async Task Outside_of_development_a_service_does_not_start_on_a_store_that_lacks_something_and_says_what()
    {
        await SpoilAsync();

        var problem = await Should.ThrowAsync<StartupException>(() => StartAsync("Production"));
        problem.Message.ShouldBe(
            "Database 'orders' of ConnectionStrings:cosmos: Container 'controls' has no time to live of documents: switch it on, without a default (-1), "
            + "or what must expire stays for ever.");
        await StartAsync("Development");
        await Should.ThrowAsync<StartupException>(() => StartAsync("Development", ("Cosmos:SelfCheck", "true")));
        await StartAsync("Production", ("Cosmos:SelfCheck", "false"));
    }

    [Fact]
    public async Task A_store_that_is_busy_for_a_while_lacks_nothing()
    {
        await StartAsync("Production");
        var busy = new RequestFault
        {
            Status = HttpStatusCode.TooManyRequests,
            RetryAfter = TimeSpan.FromMilliseconds(1),
            Path = "/colls/controls/docs",
            Count = 30,
        };
        await _cosmos.InjectFaultAsync(busy, Stop);

        await StartAsync("Production");
    }

    [Theory]
    [InlineData("Cosmos:Regions", "west,,east", "Cosmos:Regions must be different names of regions with commas between, ")]
    [InlineData("Cosmos:Regions", "west,West", "Cosmos:Regions must be different names of regions with commas between, ")]
    [InlineData("Cosmos:Leases:ConnectionString", "nowhere", "Cosmos:Leases:ConnectionString ")]
    [InlineData("Cosmos:Leases:Database", "a/b", "Cosmos:Leases:Database must be a name without / \\ ? and #.")]
    [InlineData("Cosmos:Leases:Container", "a#b", "Cosmos:Leases:Container must be a name without / \\ ? and #.")]
    public async Task A_wrong_region_or_place_of_the_leases_is_told_by_the_name_of_its_setting(string setting, string value, string problem) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => StartAsync("Production", (setting, value)))).Message.ShouldStartWith(problem);

    [Fact]
    public async Task Leases_are_made_in_the_account_that_is_named_for_them_and_not_beside_the_events()
    {
        await using var other = await CosmosEmulator.StartAsync(cancellationToken: Stop);
        await StartAsync(
            "Production",
            ("Cosmos:Leases:ConnectionString", other.ConnectionString), ("Cosmos:Leases:Database", "near"), ("Cosmos:Leases:Container", "mine"));

        using var there = other.CreateClient();
        (await there.GetContainer("near", "mine").ReadContainerAsync(cancellationToken: Stop)).Resource.DefaultTimeToLive.ShouldBe(-1);
        using var here = _cosmos.CreateClient();
        using var beside = await here.GetContainer("orders", "leases").ReadContainerStreamAsync(cancellationToken: Stop);
        beside.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task SpoilAsync()
    {
        using var client = _cosmos.CreateClient();
        Database database = await client.CreateDatabaseAsync("orders", cancellationToken: Stop);
        await database.CreateContainerAsync("controls", "/endpoint", cancellationToken: Stop);
    }

    private async Task StartAsync(string environment, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.AddOrderService("orders-of-the-test");
        builder.Services.AddContainers(HostingContainers.Feed);
        builder.Configuration["ConnectionStrings:cosmos"] = _cosmos.ConnectionString;
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        await using var app = builder.Build();
        await app.StartAsync(Stop);
        await app.StopAsync(Stop);
    }
}
