extern alias emulator;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using emulator::ChangeFeed.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Hosting;
using Orders.Web.Access;

namespace Orders.CustomerCare.Tests;

/// <summary>The service on a store of its own.</summary>
public sealed class WithStore : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string OperatorKey = "a-long-random-operator-key";
    public const string ReaderKey = "a-long-random-reader-key";

    /// <summary>How the services store dead letters.</summary>
    public static readonly JsonSerializerOptions DeadLetterJson = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private EmulatorHost? _store;

    async ValueTask IAsyncLifetime.InitializeAsync() =>
        _store = await EmulatorHost.StartAsync(new EmulatorOptions { Port = 0, InMemory = true, Partitions = 4 });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    /// <summary>A client that holds a key, or none.</summary>
    public HttpClient Client(string? key)
    {
        var client = CreateClient();
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    /// <summary>Stores an order to which these events happened.</summary>
    public async Task<string> StoreOrderAsync(params object[] events)
    {
        var id = Guid.NewGuid().ToString();
        await Services.GetRequiredService<CosmosEventStore>().AppendAsync(
            id, CosmosEventStore.NoStream, events, new AppendContext("test"), TestContext.Current.CancellationToken);
        return id;
    }

    /// <summary>Stores a copy of the example order under a new id.</summary>
    public async Task<string> StoreAsync()
    {
        var id = Guid.NewGuid().ToString();
        foreach (var e in Examples.Stream)
            await StoreAsync(id, EventDocument.Write(e with { StreamId = id }, OrderEvents.Map));
        return id;
    }

    /// <summary>Stores a document as it is.</summary>
    public async Task StoreAsync(string streamId, byte[] document)
    {
        using var body = new MemoryStream(document);
        using var response = await Services.GetRequiredService<OrdersDatabase>().Events.CreateItemStreamAsync(
            body, new PartitionKey(streamId), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Stores what a service would have put aside, or what became of it.</summary>
    public async Task StoreDeadLetterAsync<T>(T document)
        where T : DeadLetterDocument
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, DeadLetterJson));
        using var response = await Services.GetRequiredService<OrdersDatabase>().DeadLetters.UpsertItemStreamAsync(
            body, new PartitionKey(document.Endpoint), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:cosmos", _store!.ConnectionString);
        builder.UseSetting("CustomerCare:Key", OperatorKey);
        builder.UseSetting("CustomerCare:Keys:0:Name", "ada");
        builder.UseSetting("CustomerCare:Keys:0:Role", "reader");
        builder.UseSetting("CustomerCare:Keys:0:Hash", ApiKey.HashOf(ReaderKey));
    }
}
