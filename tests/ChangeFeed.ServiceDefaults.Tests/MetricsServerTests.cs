using System.Net;

namespace ChangeFeed.ServiceDefaults.Tests;

public sealed class MetricsServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_the_metrics_at_an_address_of_their_own_and_nothing_else_is_there()
    {
        var address = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        await using var service = await TracedService.StartAsync(("Telemetry:MetricsAddress", address));
        using var http = new HttpClient { BaseAddress = new Uri(address) };

        (await http.GetStringAsync("/metrics", Stop)).ShouldContain("# TYPE target_info gauge");
        (await http.GetAsync("/health", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var other = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "evil.example" } };
        (await http.SendAsync(other, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var own = service.Service.CreateClient();
        (await own.GetAsync("/metrics", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
