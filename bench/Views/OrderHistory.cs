using System.Globalization;
using System.Text;

namespace Bench.Views;

/// <summary>The stored events of an order that went well.</summary>
internal static class OrderHistory
{
    public const int Events = 5;

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

    public static byte[] Write(string order, int version)
    {
        var (type, by, data) = Steps[version];
        var at = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($$"""
            {"id":"{{version}}","streamId":"{{order}}","version":{{version}},"type":"{{type}}","schema":1,"data":{{data}},"meta":{"eventId":"{{Guid.NewGuid()}}","at":"{{at}}","by":"{{by}}","correlationId":"{{order}}","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} }
            """);
    }
}
