using System.Net;
using System.Text.Json;

namespace Orders.CustomerCare.Tests.Costs;

public sealed class CostsTests : IAsyncLifetime
{
    private readonly WithStore _service = new() { Settings = { ["Usage:Interval"] = "00:00:01" } };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    ValueTask IAsyncLifetime.InitializeAsync() => ((IAsyncLifetime)_service).InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task What_a_service_uses_is_shown_and_is_what_the_store_has_counted()
    {
        using var client = _service.Client(WithStore.ReaderKey);

        var care = await Eventually.GetAsync(
            async () => (await GetAsync(client)).GetProperty("services").EnumerateArray()
                .SingleOrDefault(service => service.GetProperty("name").GetString() == "customer-care"),
            service => service.ValueKind == JsonValueKind.Object && service.GetProperty("requestUnits").GetDouble() > 100);

        // It goes on meanwhile, so what it has said is at most what there is.
        using var http = new HttpClient();
        var stats = JsonDocument.Parse(await http.GetStringAsync(new Uri(_service.Endpoint, "_emulator/stats"), Stop)).RootElement;
        var counted = stats.GetProperty("containers").EnumerateArray().SelectMany(container => container.GetProperty("clients").EnumerateArray())
            .Where(used => used.GetProperty("client").GetString() == "customer-care").Sum(used => used.GetProperty("requestUnits").GetDouble());
        care.GetProperty("requestUnits").GetDouble().ShouldBeLessThanOrEqualTo(counted + 60); // creating databases and containers is no container's
        care.GetProperty("perSecond").GetArrayLength().ShouldBe(60);
    }

    [Fact]
    public async Task The_page_has_a_picture_and_the_services()
    {
        using var client = _service.Client(WithStore.ReaderKey);
        var page = await Eventually.GetAsync(() => client.GetStringAsync("/costs?hours=1", Stop), html => html.Contains("customer-care"));
        page.ShouldContain("RU/s</span> on average");
        page.ShouldContain("<svg");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("25")]
    [InlineData("many")]
    public async Task Hours_that_cannot_be_are_named(string hours)
    {
        using var client = _service.Client(WithStore.ReaderKey);
        using var answer = await client.GetAsync($"/care/costs?hours={hours}", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("hours");
    }

    private static async Task<JsonElement> GetAsync(HttpClient client) =>
        JsonDocument.Parse(await client.GetStringAsync("/care/costs?hours=1", Stop)).RootElement;
}
