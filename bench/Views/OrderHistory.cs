using System.Globalization;
using System.Text;
using Microsoft.Azure.Cosmos;

namespace Bench.Views;

/// <summary>The stored events of an order that went well.</summary>
internal static class OrderHistory
{
    public const int Events = 5;

    private const int Wave = 500;
    private const int Callers = 64;

    private static readonly (string Type, string By, string Data)[] Steps =
    [
        ("OrderPlaced", "orders-api", """
            {"customerId":"c-1001","email":"ada@example.org","currency":"USD","paymentToken":"tok_visa","shipTo":{"name":"Ada Lovelace","line1":"1 Main St","city":"Seattle","postalCode":"98101","country":"US","region":"WA"},"lines":[{"sku":"KB-01","name":"Keyboard","quantity":2,"unitPrice":49.90}],"subtotal":99.80}
            """),
        ("TaxCalculated", "tax", """{"jurisdiction":"US-WA","rate":0.065,"rateValidFrom":"2020-01-01","currency":"USD","subtotal":99.80,"tax":6.49,"total":106.29}"""),
        ("PaymentCaptured", "payment", """{"paymentId":"pay_0199aa31","currency":"USD","amount":106.29}"""),
        ("OrderShipped", "fulfillment", """{"carrier":"Simulated Parcel","trackingNumber":"SP0199AA316F0C"}"""),
        ("CustomerNotified", "notification", """{"notice":"Shipped","channel":"mail","recipient":"ada@example.org","subject":"Your order is on its way","messageId":"<0199aa31@orders.example>"}"""),
    ];

    /// <summary>Writes the events of so many orders, event by event, as 500 orders at a time go through their steps.</summary>
    public static async Task WriteAsync(Container events, int orders, CancellationToken stop)
    {
        for (var first = 0; first < orders; first += Wave)
            await WriteWaveAsync(events, first, stop);
    }

    private static byte[] Write(string order, int version)
    {
        var (type, by, data) = Steps[version];
        var at = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($$"""
            {"id":"{{version}}","streamId":"{{order}}","version":{{version}},"type":"{{type}}","schema":1,"data":{{data}},"meta":{"eventId":"{{Guid.NewGuid()}}","at":"{{at}}","by":"{{by}}","correlationId":"{{order}}","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} }
            """);
    }

    private static async Task WriteWaveAsync(Container events, int first, CancellationToken stop)
    {
        for (var version = 0; version < Events; version++)
        {
            await Parallel.ForAsync(
                first, first + Wave, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = stop }, async (n, cancellationToken) =>
            {
                var order = $"0199aa31-6f0c-7c35-9d2e-{n:x12}";
                using var answer = await events.CreateItemStreamAsync(
                    new MemoryStream(Write(order, version)), new PartitionKey(order), new() { EnableContentResponseOnWrite = false },
                    cancellationToken);
                answer.EnsureSuccessStatusCode();
            });
        }
    }
}
