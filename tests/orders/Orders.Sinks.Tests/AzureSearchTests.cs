using Azure.Core.Pipeline;
using ChangeFeed.ServiceDefaults;
using ChangeFeed.Sinks;
using Orders.AzureSearch;
using Orders.Domain;
using Orders.SearchIndex;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>What is sent to Azure AI Search, and what comes of its answers.</summary>
public sealed class AzureSearchTests : IAsyncLifetime
{
    private readonly SearchService _service = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _service.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_erased_order_keeps_its_version_and_nothing_else_and_does_not_come_back()
    {
        var sink = await StartAsync();
        await sink.WriteAsync([new SinkDocument<OrderEntry>("1", 3, Entry)], Stop);

        await sink.WriteAsync([new SinkDocument<OrderEntry>("1", 4, null)], Stop);
        await sink.WriteAsync([new SinkDocument<OrderEntry>("1", 3, Entry)], Stop);

        var there = _service.Documents("orders").ShouldHaveSingleItem();
        there.Where(field => field.Value is not null).Select(field => $"{field.Key}={field.Value!.ToJsonString()}").Order()
            .ShouldBe(["id=\"1\"", "isErased=true", "texts=[]", "version=4"]);
    }

    [Fact]
    public async Task A_field_that_the_index_does_not_have_is_a_document_that_is_refused()
    {
        var sink = await StartAsync();
        _service.ForgetField("orders", "country");

        await Should.ThrowAsync<SinkRefusedException>(() => sink.WriteAsync([new SinkDocument<OrderEntry>("1", 3, Entry)], Stop));
    }

    [Fact]
    public async Task A_service_that_is_away_and_a_key_that_is_refused_are_named_by_their_setting_at_start()
    {
        var refused = Options($"Endpoint=https://search.example.org;Key=other");
        (await Should.ThrowAsync<StartupException>(() => new AzureSearchStartup(refused, [1]).StartAsync(Stop))).Message
            .ShouldBe("The search service at ConnectionStrings:azure-search does not let this service make its index: it answers 403.");
        await _service.StopAsync();
        (await Should.ThrowAsync<StartupException>(() => StartAsync())).Message
            .ShouldStartWith("The search service at ConnectionStrings:azure-search does not make the index: ");
    }

    private static OrderEntry Entry { get; } = new()
    {
        Id = "1",
        Version = 3,
        CustomerId = "c-1001",
        Status = OrderStatus.Paid,
        Country = "US",
        PlacedAt = OrderStream.Start,
        Texts = ["Keyboard"],
    };

    private async Task<AzureSearchSink> StartAsync()
    {
        var options = Options(SearchService.ConnectionString);
        await new AzureSearchStartup(options, [1]).StartAsync(Stop);
        return new AzureSearchSink(options.CreateClient(1));
    }

    private AzureSearchOptions Options(string connectionString) =>
        new() { ConnectionString = connectionString, Transport = new HttpClientTransport(_service.ToLoopback()) };
}
