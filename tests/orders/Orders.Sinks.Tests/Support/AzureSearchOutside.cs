using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using ChangeFeed.Sinks;
using ChangeFeed.Sinks.Testing;
using Orders.AzureSearch;
using Orders.SearchIndex;

namespace Orders.Sinks.Tests.Support;

/// <summary>Azure AI Search as a server of our own answers for it.</summary>
internal sealed class AzureSearchOutside() : OrdersOutside<OrderEntry>(new SearchIndexProjection())
{
    private readonly SearchService _service = new();

    public async Task StartAsync()
    {
        await _service.StartAsync();
        await new AzureSearchStartup(Options(), [1, 2]).StartAsync(TestContext.Current.CancellationToken);
    }

    public override Sink Define(Trouble trouble, SinkOptions options, int generation) => Sink.OfDocuments(
        new SearchIndexProjection(SearchIndexProjection.AzureEndpoint),
        _ => trouble.Around(new AzureSearchSink(Options().CreateClient(generation)), document => document.Key),
        options,
        e => e.Data is Contracts.PersonalDataErased,
        generation);

    public override Task<IReadOnlyDictionary<string, string>> ReadAsync(int generation) => Task.FromResult<IReadOnlyDictionary<string, string>>(
        _service.Documents(Sink.NameOf("orders", generation)).Where(document => !document["isErased"]!.GetValue<bool>())
            .ToDictionary(document => document["id"]!.GetValue<string>(), document => Text(EntryOf(document))));

    public override Task TakeDownAsync() => _service.StopAsync();

    public override Task BringBackAsync() => _service.StartAsync();

    public override ValueTask DisposeAsync() => _service.DisposeAsync();

    private AzureSearchOptions Options() => new()
    {
        ConnectionString = SearchService.ConnectionString,
        Transport = new HttpClientTransport(_service.ToLoopback()),
    };

    private static OrderEntry EntryOf(JsonObject document) => new()
    {
        Id = document["id"]!.GetValue<string>(),
        Version = document["version"]!.GetValue<long>(),
        CustomerId = document["customerId"]!.GetValue<string>(),
        Status = Enum.Parse<Domain.OrderStatus>(document["status"]!.GetValue<string>()),
        Country = document["country"]!.GetValue<string>(),
        PlacedAt = document["placedAt"]!.GetValue<DateTimeOffset>(),
        Tracking = document["tracking"]?.GetValue<string>(),
        Texts = [.. document["texts"]!.AsArray().Select(text => text!.GetValue<string>())],
    };
}
