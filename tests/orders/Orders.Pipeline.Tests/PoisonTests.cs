using System.Diagnostics;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;

namespace Orders.Pipeline.Tests;

/// <summary>What cannot be handled parks its own stream and nothing else, and completes after the repair.</summary>
[Collection(nameof(SharedPipeline))]
public sealed class PoisonTests(SharedPipeline shared)
{
    private const int Others = 30;

    private readonly RunningPipeline _pipeline = shared.Pipeline;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poison_event_parks_its_order_alone_and_a_replay_after_the_repair_completes_it()
    {
        using var client = _pipeline.CreateCosmosClient();
        var without = await PlaceOthersAsync();
        var poisoned = await _pipeline.PlaceAsync(OrderClient.Order("tok_broken"));
        var during = await PlaceOthersAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 of the other orders: {without.TotalMilliseconds:0} ms without poison, {during.TotalMilliseconds:0} ms with it.");

        await client.ParkedAsync("payment", poisoned);
        (await client.ReplayAsync("payment", poisoned)).Status.ShouldBe(DeadLetterRequestStatus.Failed);
        (await client.ParkedAtAsync(poisoned)).ShouldBe(["payment"]);
        (await _pipeline.EventsAsync(poisoned)).Types().ShouldBe(["OrderPlaced", "TaxCalculated"]);

        await File.WriteAllTextAsync(Path.Combine(_pipeline.SimulatorDirectory, "repaired"), "", Stop);
        (await client.ReplayAsync("payment", poisoned)).Status.ShouldBe(DeadLetterRequestStatus.Done);
        await _pipeline.WithStatusAsync(poisoned, "Completed");

        var effects = Effects.Of(_pipeline);
        effects.Captures[poisoned].Count().ShouldBe(1);
        effects.MailsOf(poisoned).ShouldBe(1);
        var letter = (await client.DeadLetters().LettersAsync("payment", poisoned, Stop)).ShouldHaveSingleItem();
        letter.Status.ShouldBe(DeadLetterStatus.Replayed);
        letter.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Documents_nobody_understands_park_their_streams_alone_and_complete_when_they_were_repaired()
    {
        using var client = _pipeline.CreateCosmosClient();
        var unparsable = await StoreAsync(client, document => document["data"] = new JsonObject { ["nothing"] = "of an order" });
        var fromTheFuture = await StoreAsync(client, document => document["schema"] = 99);
        foreach (var (stream, _) in new[] { unparsable, fromTheFuture })
        {
            await client.ParkedAsync("tax", stream);
            await client.ParkedAsync("order-status", stream);
        }

        await PlaceOthersAsync();
        await Task.WhenAll(new[] { unparsable, fromTheFuture }.Select(async torn =>
        {
            var (stream, good) = torn;
            await client.GetContainer("orders", "events").ReplaceItemAsync(good, "0", new PartitionKey(stream), cancellationToken: Stop);
            await Eventually.GetAsync(async () =>
            {
                await Task.WhenAll((await client.ParkedAtAsync(stream)).Select(endpoint => client.ReplayAsync(endpoint, stream)));
                return await client.ParkedAtAsync(stream);
            }, parked => parked.Count == 0, TimeSpan.FromSeconds(60), $"Nothing of stream {stream} parked");
            await _pipeline.WithStatusAsync(stream, "Completed");
            Effects.Of(_pipeline).MailsOf(stream).ShouldBe(1);
        }));
    }

    [Fact]
    public async Task An_event_stored_in_an_older_schema_is_handled_like_a_new_one()
    {
        using var client = _pipeline.CreateCosmosClient();
        var declined = await _pipeline.EndedAsync(await _pipeline.PlaceAsync(OrderClient.Order("tok_declined")));
        declined[2].GetProperty("schema").GetInt32().ShouldBe(2);
        declined[2].GetProperty("data").GetProperty("code").GetString().ShouldBe("InsufficientFunds");

        var stream = Guid.NewGuid().ToString();
        var batch = client.GetContainer("orders", "events").CreateTransactionalBatch(new PartitionKey(stream));
        foreach (var e in declined.Take(3))
        {
            var document = JsonNode.Parse(e.GetRawText())!.AsObject();
            document["streamId"] = stream;
            document["meta"]!["eventId"] = Guid.NewGuid().ToString();
            if (document["type"]!.GetValue<string>() == "PaymentDeclined")
            {
                document["schema"] = 1;
                document["data"]!.AsObject().Remove("code");
            }

            batch.CreateItem(document);
        }

        (await batch.ExecuteAsync(Stop)).IsSuccessStatusCode.ShouldBeTrue();
        (await _pipeline.EndedAsync(stream)).Types().ShouldBe(["OrderPlaced", "TaxCalculated", "PaymentDeclined", "CustomerNotified"]);
        var order = await _pipeline.WithStatusAsync(stream, "PaymentDeclined");
        order.GetProperty("version").GetInt64().ShouldBeGreaterThanOrEqualTo(2);
    }

    /// <summary>Stores the first event of a new order, spoilt; returns its stream and what it should have been.</summary>
    private async Task<(string Stream, JsonObject Good)> StoreAsync(CosmosClient client, Action<JsonObject> spoil)
    {
        var model = await _pipeline.EventsAsync(await _pipeline.PlaceAsync(OrderClient.Order()));
        var good = JsonNode.Parse(model[0].GetRawText())!.AsObject();
        var stream = Guid.NewGuid().ToString();
        good["streamId"] = stream;
        good["meta"]!["correlationId"] = stream;
        good["meta"]!["eventId"] = Guid.NewGuid().ToString();
        var spoilt = good.DeepClone().AsObject();
        spoil(spoilt);
        await client.GetContainer("orders", "events").CreateItemAsync(spoilt, new PartitionKey(stream), cancellationToken: Stop);
        return (stream, good);
    }

    /// <summary>Places orders that must all complete; the time within which 99 of 100 did.</summary>
    private async Task<TimeSpan> PlaceOthersAsync()
    {
        var times = await Task.WhenAll(Enumerable.Range(0, Others).Select(async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            await _pipeline.WithStatusAsync(await _pipeline.PlaceAsync(OrderClient.Order()), "Completed");
            return Stopwatch.GetElapsedTime(started);
        }));
        return times.Order().ElementAt((int)Math.Ceiling(times.Length * 0.99) - 1);
    }
}
