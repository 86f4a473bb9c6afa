using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace TestSupport;

/// <summary>The calls of the README, as a client makes them.</summary>
internal static class OrderClient
{
    public static object Order(string token = "tok_visa", string sku = "KB-01", string customer = "c-1001") => new
    {
        customerId = customer,
        email = "ada@example.org",
        currency = "USD",
        paymentToken = token,
        shipTo = new { name = "Ada Lovelace", line1 = "1 Main St", city = "Seattle", region = "WA", postalCode = "98101", country = "US" },
        lines = new[] { new { sku, name = "Keyboard", quantity = 2, unitPrice = 49.90m } },
    };

    public static Task<string> PlaceAsync(this RunningPipeline pipeline, object order, string? idempotencyKey = null) =>
        pipeline.Orders.PlaceAsync(order, idempotencyKey);

    public static async Task<string> PlaceAsync(this HttpClient orders, object order, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order) };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await orders.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBeOneOf([HttpStatusCode.Created, HttpStatusCode.OK], body);
        return JsonDocument.Parse(body).RootElement.GetProperty("orderId").GetString()!;
    }

    public static async Task<JsonElement> GetOrderAsync(this RunningPipeline pipeline, string id, string query = "") =>
        await pipeline.Orders.GetFromJsonAsync<JsonElement>($"/orders/{id}{query}", TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> CancelAsync(this RunningPipeline pipeline, string id) =>
        pipeline.Orders.PostAsJsonAsync($"/orders/{id}/cancel", new { reason = "changed my mind" }, TestContext.Current.CancellationToken);

    public static async Task<IReadOnlyList<JsonElement>> EventsAsync(this RunningPipeline pipeline, string id) =>
        (await pipeline.Care.GetFromJsonAsync<JsonElement>($"/care/orders/{id}/events", TestContext.Current.CancellationToken)).EnumerateArray().ToList();

    public static string[] Types(this IEnumerable<JsonElement> events) => events.Select(e => e.GetProperty("type").GetString()!).ToArray();

    /// <summary>Waits until the order's stream ends as a stream does.</summary>
    /// <param name="untilRefunded">True when money is known to have been captured that must go back.</param>
    public static async Task<IReadOnlyList<JsonElement>> EndedAsync(this RunningPipeline pipeline, string id, bool untilRefunded = false) =>
        await Eventually.GetAsync(
            () => pipeline.EventsAsync(id),
            events => OrderEnd.IsReached(events.Types()) && (!untilRefunded || events.Types().Contains("PaymentRefunded")),
            what: $"The end of order {id}");

    public static Task<JsonElement> WithStatusAsync(this RunningPipeline pipeline, string id, string status, TimeSpan? deadline = null) =>
        Eventually.GetAsync(
            () => pipeline.GetOrderAsync(id), order => order.GetProperty("status").GetString() == status, deadline, $"Status {status} of order {id}");
}

/// <summary>When nothing more happens to an order.</summary>
internal static class OrderEnd
{
    /// <summary>The customer was told, and captured money went back where it had to.</summary>
    public static bool IsReached(IReadOnlyList<string> types)
    {
        var mustRefund = types.Contains("PaymentCaptured") && (types.Contains("FulfillmentRejected") || types.Contains("OrderCancelled"));
        return types.Contains("CustomerNotified") && (!mustRefund || types.Contains("PaymentRefunded"));
    }
}
