using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bench.Harness;
using ChangeFeed.EventStore;
using Microsoft.Azure.Cosmos;
using Orders.Contracts;
using Orders.ReadModels;

namespace Bench.Care;

/// <summary>Many different orders as they are stored: of a thousand customers, fifty articles, every twentieth declined.</summary>
internal static class CareOrders
{
    private const int Customers = 1000;
    private const int Articles = 50;
    private const int Callers = 16;

    public static string IdOf(int n) => $"0199aa31-6f0c-7c35-9d2e-{n:x12}";

    public static string CustomerOf(int n) => $"c-{n % Customers}";

    public static string SkuOf(int n) => $"SKU-{n % Articles}";

    public static string TrackingOf(int n) => $"SP{n:X14}";

    /// <summary>Writes so many orders, and what the views have of them once they have seen them all.</summary>
    public static Task FillAsync(Database database, int orders, CancellationToken stop) =>
        Parallel.ForAsync(0, orders, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = stop }, async (n, _) =>
        {
            var bodies = EventsOf(n).ToList();
            var batch = database.GetContainer("events").CreateTransactionalBatch(new PartitionKey(IdOf(n)));
            foreach (var body in bodies)
                batch.CreateItemStream(new MemoryStream(body), new() { EnableContentResponseOnWrite = false });
            using var answer = await batch.ExecuteAsync(stop);
            if (!answer.IsSuccessStatusCode)
                throw new BenchException($"Loading failed with {(int)answer.StatusCode} {answer.StatusCode}: {answer.ErrorMessage}");

            var order = OrderStatusDocument.Fold(bodies.Select(Read))!;
            await WriteAsync(database, ViewNames.OrderStatus, order.Id, order, ReadModelsJson.Default.OrderStatusDocument);
            await WriteAsync(database, ViewNames.CustomerOrders, order.CustomerId, order, ReadModelsJson.Default.OrderStatusDocument);
            await FindBy(SearchTerms.Sku(SkuOf(n)), 0);
            if (order.Shipment is { } shipment)
                await FindBy(SearchTerms.Tracking(shipment.TrackingNumber), 3);
            else
            {
                foreach (var word in SearchTerms.Words(order.Reason!))
                    await FindBy(SearchTerms.Word(word), 2);
            }

            Task FindBy(string term, long version) => WriteAsync(
                database,
                ViewNames.Search,
                term,
                new SearchDocument
                {
                    Id = $"{order.Id}:{version}",
                    Term = term,
                    OrderId = order.Id,
                    Version = version,
                    PlacedAt = order.PlacedAt,
                    Words = SearchTerms.Words(order.Reason ?? "")
                },
                ReadModelsJson.Default.SearchDocument);
        });

    private static RecordedEvent Read(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return EventDocument.Read(json.RootElement, OrderEvents.Map);
    }

    private static async Task WriteAsync<T>(Database database, string container, string partition, T document, JsonTypeInfo<T> json)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, json));
        using var answer = await database.GetContainer(container)
            .CreateItemStreamAsync(body, new PartitionKey(partition), new() { EnableContentResponseOnWrite = false });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The events of an order as they are stored, four or five.</summary>
    public static IEnumerable<byte[]> EventsOf(int n)
    {
        (string Type, string By, string Data)[] events =
        [
            ("OrderPlaced", "orders-api", $$"""{"customerId":"{{CustomerOf(n)}}","email":"ada@example.org","currency":"USD","paymentToken":"tok_visa","shipTo":{"name":"Ada Lovelace","line1":"1 Main St","city":"Seattle","postalCode":"98101","country":"US","region":"WA"},"lines":[{"sku":"{{SkuOf(n)}}","name":"Keyboard","quantity":2,"unitPrice":49.90}],"subtotal":99.80}"""),
            ("TaxCalculated", "tax", """{"jurisdiction":"US-WA","rate":0.065,"rateValidFrom":"2020-01-01","currency":"USD","subtotal":99.80,"tax":6.49,"total":106.29}"""),
            .. n % 20 == 0
                ? new[]
                {
                    ("PaymentDeclined", "payment", """{"code":"InsufficientFunds","reason":"insufficient funds","currency":"USD","amount":106.29}"""),
                    ("CustomerNotified", "notification", """{"notice":"PaymentDeclined","channel":"email","recipient":"ada@example.org","subject":"Your order could not be paid","messageId":"0199aa31@orders.example"}"""),
                }
                :
                [
                    ("PaymentCaptured", "payment", """{"paymentId":"pay_0199aa31","currency":"USD","amount":106.29}"""),
                    ("OrderShipped", "fulfillment", $$"""{"carrier":"Simulated Parcel","trackingNumber":"{{TrackingOf(n)}}"}"""),
                    ("CustomerNotified", "notification", """{"notice":"Shipped","channel":"email","recipient":"ada@example.org","subject":"Your order is on its way","messageId":"0199aa31@orders.example"}"""),
                ],
        ];
        var at = DateTime.UtcNow;
        foreach (var ((type, by, data), version) in events.Select((e, version) => (e, version)))
        {
            var time = at.AddMilliseconds(version).ToString("O", CultureInfo.InvariantCulture);
            var schema = type == "PaymentDeclined" ? 2 : 1;
            yield return Encoding.UTF8.GetBytes($$"""
                {"id":"{{version}}","streamId":"{{IdOf(n)}}","version":{{version}},"type":"{{type}}","schema":{{schema}},"data":{{data}},"meta":{"eventId":"{{Guid.NewGuid()}}","at":"{{time}}","by":"{{by}}","correlationId":"{{IdOf(n)}}","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} }
                """);
        }
    }
}
