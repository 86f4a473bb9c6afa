using ChangeFeed.Testing.Hostility;

namespace Orders.Api.Tests;

public sealed class HostileRequestsTests(WithStore service) : IClassFixture<WithStore>
{
    [Fact]
    public async Task No_request_whatever_it_says_is_a_failure_of_the_service()
    {
        var run = new HostileRun(service.CreateClient());

        await run.SendAsync(new HostileRequests(await run.DocumentAsync(), HostileRun.Seed));
    }
}
