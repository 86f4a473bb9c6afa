using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace Orders.Pipeline.Tests;

/// <summary>
/// Searches every byte of the data directory for what a customer has told of themselves: the store's log, every mail, and what the sinks have written.
/// </summary>
public sealed class ErasedFromDiskTests
{
    // Not to be found anywhere by chance.
    private static readonly string[] Personal =
        ["zenobia@palmyra.example", "Zenobia Septimia", "17 Colonnade Row", "Tadmurville", "97531-Z", "tok_zenobia_4711"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_orders_of_an_erased_customer_told_of_them_is_in_no_file_log_or_dead_letter_running_or_stopped()
    {
        // From doneAt on: the mails go as soon as the service that wrote them has read of it.
        var bound = TimeSpan.FromSeconds(30);
        var data = RunningPipeline.NewDataDirectory();
        await using (var pipeline = await RunningPipeline.StartAsync(data, "--topology=compact", "--sinks=all"))
        {
            var shipped = await pipeline.PlaceAsync(Order("tok_visa"));
            var declined = await pipeline.PlaceAsync(Order(Personal[5]));
            var rejected = await pipeline.PlaceAsync(Order("tok_visa", "OUT-OF-STOCK"));
            var parked = await pipeline.PlaceAsync(Order("tok_broken"));
            foreach (var order in new[] { shipped, declined, rejected })
                await pipeline.EndedAsync(order, untilRefunded: order == rejected);
            var letters = await Eventually.GetAsync(
                () => TextAsync(pipeline.Care, $"/care/dead-letters/payment/{parked}"),
                text => text.Contains("SimulatedOutage", StringComparison.Ordinal),
                what: "The parked order");
            FilesWithAny(data, Personal[..2]).ShouldAllBe(file => file.StartsWith(pipeline.MailDirectory, StringComparison.Ordinal));
            Directory.GetFiles(pipeline.MailDirectory, "*.eml").Length.ShouldBe(3);
            Personal.ShouldAllBe(text => !letters.Contains(text, StringComparison.OrdinalIgnoreCase));

            await EraseAsync(pipeline);

            await Eventually.GetAsync(
                () => Task.FromResult(FilesWithAny(data, Personal)), files => files.Count == 0, bound, "A data directory without personal data");
            await pipeline.StopAsync();
            FilesWithAny(data, Personal).ShouldBeEmpty();
            Personal.ShouldAllBe(text => !pipeline.Output.Contains(text, StringComparison.OrdinalIgnoreCase));
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task What_was_known_of_an_erased_customer_beside_their_orders_and_the_key_of_their_data_are_overwritten_running_and_stopped()
    {
        // From doneAt on: here the store keeps former versions of the views for a minute, and then overwrites what it drops.
        var bound = TimeSpan.FromMinutes(3);
        var data = RunningPipeline.NewDataDirectory();
        await using (var pipeline = await RunningPipeline.StartWithShortRetentionAsync(data, "--topology=compact"))
        {
            using var put = await pipeline.Orders.PutAsJsonAsync("/customers/c-erased", new { name = Personal[1], email = Personal[0] }, Stop);
            put.EnsureSuccessStatusCode();
            var order = await pipeline.PlaceAsync(Order("tok_visa"));
            await pipeline.EndedAsync(order);
            await Eventually.GetAsync(
                () => TextAsync(pipeline.Orders, $"/orders/{order}"), text => text.Contains(Personal[1], StringComparison.Ordinal),
                what: "The name in the view");
            var key = await KeyAsync(pipeline);
            string[] secret = [.. Personal, key];
            // Otherwise this would look for something that is never there.
            foreach (var text in new[] { Personal[1], key })
                FilesWithAny(data, [text]).ShouldContain(file => !file.StartsWith(pipeline.MailDirectory, StringComparison.Ordinal));

            await EraseAsync(pipeline);

            await Eventually.GetAsync(
                () => Task.FromResult(FilesWithAny(data, secret)), files => files.Count == 0, bound, "A data directory without personal data and keys");
            await pipeline.StopAsync();
            FilesWithAny(data, secret).ShouldBeEmpty();
        }

        Directory.Delete(data, recursive: true);
    }

    /// <summary>A piece of the customer's key as it is stored, without the characters that JSON may write in several ways.</summary>
    private static async Task<string> KeyAsync(RunningPipeline pipeline)
    {
        using var client = pipeline.CreateCosmosClient();
        var keys = client.GetContainer("orders", "customer-keys");
        var document = await keys.ReadItemAsync<JsonElement>("key:c-erased", new PartitionKey("key:c-erased"), cancellationToken: Stop);
        return document.Resource.GetProperty("key").GetString()!.Split('+', '/', '=').MaxBy(part => part.Length)!;
    }

    private static object Order(string token, string sku = "KB-01") => new
    {
        customerId = "c-erased",
        email = Personal[0],
        currency = "USD",
        paymentToken = token,
        shipTo = new { name = Personal[1], line1 = Personal[2], city = Personal[3], region = "WA", postalCode = Personal[4], country = "US" },
        lines = new[] { new { sku, name = "Keyboard", quantity = 1, unitPrice = 49.90m } },
    };

    /// <summary>Asks for the erasure, and waits until it is done.</summary>
    private static async Task EraseAsync(RunningPipeline pipeline)
    {
        using var erase = await pipeline.Orders.DeleteAsync("/customers/c-erased", Stop);
        erase.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.GetAsync(
            () => TextAsync(pipeline.Orders, "/customers/c-erased/erasure"),
            text => text.Contains("\"doneAt\"", StringComparison.Ordinal),
            what: "The erasure");
    }

    // Whatever it answers: it is asked again until it is what is waited for.
    private static async Task<string> TextAsync(HttpClient service, string address)
    {
        using var response = await service.GetAsync(address, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private static List<string> FilesWithAny(string directory, IEnumerable<string> texts)
    {
        var wanted = texts.Select(Encoding.UTF8.GetBytes).ToList();
        return [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Where(file => Content(file) is var content && wanted.Exists(text => content.AsSpan().IndexOf(text) >= 0))];
    }

    private static byte[] Content(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (FileNotFoundException)
        {
            return []; // deleted since it was listed
        }
    }
}
