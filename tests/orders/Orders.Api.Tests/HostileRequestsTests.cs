using ChangeFeed.Testing.Hostility;
using Microsoft.AspNetCore.Hosting;

namespace Orders.Api.Tests;

public sealed class HostileRequestsTests(WithStore service) : IClassFixture<WithStore>
{
    [Fact]
    public async Task No_request_whatever_it_says_is_a_failure_of_the_service()
    {
        await using var patient = service.WithWebHostBuilder(builder => builder
            .UseSetting("OrdersApi:RateLimits:RequestsPerSecond", "100000")
            .UseSetting("OrdersApi:RateLimits:Burst", "100000"));
        var run = new HostileRun(patient.CreateClient());

        await run.SendAsync(new HostileRequests(await run.DocumentAsync(), HostileRun.Seed));
    }
}
