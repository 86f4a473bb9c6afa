using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orders.Shopper;

/// <summary>
/// Places and cancels orders as any customer's program would: over HTTP. Whoever configures the client decides what is tried again; all
/// requests can be, because they carry a key.
/// </summary>
internal sealed class OrdersApiClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string HttpClientName = "orders-api";

    /// <summary>Places an order and returns its id.</summary>
    public async Task<string> PlaceAsync(ShopperOrder order, CancellationToken cancellationToken)
    {
        using var request = Post("orders", JsonContent.Create(order.Body, options: JsonSerializerOptions.Web), order.IdempotencyKey);
        var answer = await SendAsync(request, status => status is HttpStatusCode.Created or HttpStatusCode.OK, cancellationToken);
        return answer.GetProperty("orderId"u8).GetString()!;
    }

    /// <summary>Cancels an order, or is told that it is too late.</summary>
    public async Task CancelAsync(string orderId, string reason, CancellationToken cancellationToken)
    {
        using var request = Post($"orders/{orderId}/cancel", JsonContent.Create(new { reason }), $"{orderId}/cancel");
        await SendAsync(request, status => status is HttpStatusCode.Accepted or HttpStatusCode.Conflict, cancellationToken);
    }

    private static HttpRequestMessage Post(string url, HttpContent content, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private async Task<JsonElement> SendAsync(
        HttpRequestMessage request, Func<HttpStatusCode, bool> isAnswer, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(HttpClientName);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Also what the client's time limits and its circuit breaker throw.
            throw new ShopperException($"The orders API at {http.BaseAddress} does not answer: {e.Message}", e);
        }

        using (response)
        {
            if (isAnswer(response.StatusCode))
                return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new ShopperException($"The orders API refused an order ({(int)response.StatusCode}): {problem}");
        }
    }
}

/// <summary>An order could not be placed or cancelled; the message says why.</summary>
public sealed class ShopperException(string message, Exception? inner = null) : Exception(message, inner);
