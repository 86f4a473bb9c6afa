using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ChangeFeed.EventStore;
using ChangeFeed.MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.Web.Access;

namespace Orders.CustomerCare.Tests;

/// <summary>The service on a store of its own.</summary>
public sealed class WithStore : ServiceOnStore<Program>
{
    public const string OperatorKey = "a-long-random-operator-key";
    public const string OtherOperatorKey = "another-long-random-operator-key";
    public const string ReaderKey = "a-long-random-reader-key";

    /// <summary>How the services store dead letters.</summary>
    public static readonly JsonSerializerOptions DeadLetterJson = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A client that holds a key, or none.</summary>
    public HttpClient Client(string? key)
    {
        var client = CreateClient();
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    /// <summary>Stores a copy of the example order under a new id.</summary>
    public async Task<string> StoreAsync()
    {
        var id = Guid.NewGuid().ToString();
        foreach (var e in Examples.Stream)
            await AppendRawAsync(id, EventDocument.Write(e with { StreamId = id }, OrderEvents.Map));
        return id;
    }

    /// <summary>What the audit trail has about something, the latest first.</summary>
    public async Task<JsonArray> AuditAsync(string subject) =>
        (await (await Client(OperatorKey).GetAsync($"/care/audit?subject={subject}", key: null)).JsonAsync())["records"]!.AsArray();

    /// <summary>Parks an order as a service would: one event waits.</summary>
    public async Task ParkAsync(string endpoint, string id, string error, long version = 1)
    {
        await StoreDeadLetterAsync(new ParkedStream
        {
            Id = $"stream.{id}",
            Endpoint = endpoint,
            StreamId = id,
            Status = ParkedStreamStatus.Parked,
            Version = version,
            Waiting = 1,
            Error = error,
            ErrorType = "System.TimeoutException",
            EventType = nameof(TaxCalculated),
            ParkedAt = DateTimeOffset.UtcNow,
        });
        await StoreDeadLetterAsync(new DeadLetter
        {
            Id = $"letter.{id}.{version}",
            Endpoint = endpoint,
            StreamId = id,
            Status = DeadLetterStatus.Waiting,
            Version = version,
            Type = nameof(TaxCalculated),
            Document = JsonSerializer.SerializeToElement(new { version }),
            Error = new DeadLetterError("System.TimeoutException", error, error),
            Attempts = 6,
            At = DateTimeOffset.UtcNow,
        });
    }

    /// <summary>Stores what a service would have put aside, or what became of it.</summary>
    public async Task StoreDeadLetterAsync<T>(T document)
        where T : DeadLetterDocument
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, DeadLetterJson));
        using var response = await Database.DeadLetters.UpsertItemStreamAsync(
            body, new PartitionKey(document.Endpoint), cancellationToken: TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseEnvironment("Development");
        builder.UseSetting("CustomerCare:Key", OperatorKey);
        builder.UseSetting("CustomerCare:Keys:0:Name", "ada");
        builder.UseSetting("CustomerCare:Keys:0:Role", "reader");
        builder.UseSetting("CustomerCare:Keys:0:Hash", ApiKey.HashOf(ReaderKey));
        builder.UseSetting("CustomerCare:Keys:1:Name", "bo");
        builder.UseSetting("CustomerCare:Keys:1:Role", "operator");
        builder.UseSetting("CustomerCare:Keys:1:Hash", ApiKey.HashOf(OtherOperatorKey));
    }
}
