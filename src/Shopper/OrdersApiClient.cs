using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrderPipeline.Shopper;

/// <summary>Places and cancels orders as any customer's program would: over HTTP.</summary>
internal sealed class OrdersApiClient(HttpClient http, TimeProvider time)
{
    private const int Tries = 5;

    /// <summary>Places an order and returns its id; tries again what was not answered, with the same key.</summary>
    public async Task<string> PlaceAsync(ShopperOrder order, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "orders") { Content = JsonContent.Create(order.Body, options: JsonSerializerOptions.Web) };
                request.Headers.Add("Idempotency-Key", order.IdempotencyKey);
                return request;
            },
            status => status is HttpStatusCode.Created or HttpStatusCode.OK,
            cancellationToken);
        return answer.GetProperty("orderId"u8).GetString()!;
    }

    /// <summary>Cancels an order, or is told that it is too late.</summary>
    public Task CancelAsync(string orderId, string reason, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, $"orders/{orderId}/cancel") { Content = JsonContent.Create(new { reason }) },
        status => status is HttpStatusCode.Accepted or HttpStatusCode.Conflict,
        cancellationToken);

    private async Task<JsonElement> SendAsync(Func<HttpRequestMessage> create, Func<HttpStatusCode, bool> isAnswer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = create();
                using var response = await http.SendAsync(request, cancellationToken);
                if (isAnswer(response.StatusCode))
                    return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                if ((int)response.StatusCode < 500 || attempt == Tries)
                    throw new ShopperException($"The orders API refused an order ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Tries)
                    throw new ShopperException($"The orders API at {http.BaseAddress} does not answer: {e.Message}", e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), time, cancellationToken);
        }
    }
}

/// <summary>An order could not be placed or cancelled; the message says why.</summary>
public sealed class ShopperException(string message, Exception? inner = null) : Exception(message, inner);
