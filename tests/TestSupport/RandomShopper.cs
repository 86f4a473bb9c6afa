using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Shopper;

namespace TestSupport;

/// <summary>Places random orders, some of which it cancels, and tries again whatever was not answered; remembers how each is to end.</summary>
internal sealed class RandomShopper(HttpClient orders, Random random)
{
    // Where the system is slower than the shopper, thousands would be waiting for it at once, which nothing in front of it would let through.
    private const int MaxWaiting = 100;

    private readonly ShoppingList _list = new(random);
    private readonly SemaphoreSlim _room = new(MaxWaiting);
    private readonly ConcurrentDictionary<string, IntendedEnd> _orders = new();

    /// <summary>Every order that was acknowledged, and how it was meant to end.</summary>
    public IReadOnlyDictionary<string, IntendedEnd> Orders => _orders;

    /// <summary>Shops until told to stop.</summary>
    public async Task ShopAsync(TimeSpan pause, CancellationToken stop)
    {
        var placing = new List<Task>();
        try
        {
            while (true)
            {
                await _room.WaitAsync(stop);
                placing.Add(PlaceAsync(_list.Next()));
                await Task.Delay(pause, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(placing);
        }
    }

    private async Task PlaceAsync(ShopperOrder order)
    {
        var body = await UntilAnsweredAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order.Body) };
            request.Headers.Add("Idempotency-Key", order.IdempotencyKey);
            return request;
        }, HttpStatusCode.Created, HttpStatusCode.OK);
        _room.Release();
        var id = JsonDocument.Parse(body).RootElement.GetProperty("orderId").GetString()!;
        if (order is { CancelAfter: { } wait, CancelReason: { } reason })
        {
            await Task.Delay(wait, TestContext.Current.CancellationToken); // the moment of the cancellation is what varies, not a wait for something
            await UntilAnsweredAsync(
                () => new HttpRequestMessage(HttpMethod.Post, $"/orders/{id}/cancel") { Content = JsonContent.Create(new { reason }) },
                HttpStatusCode.Accepted, HttpStatusCode.Conflict);
        }

        _orders[id] = order.End;
    }

    private async Task<string> UntilAnsweredAsync(Func<HttpRequestMessage> request, params HttpStatusCode[] wanted)
    {
        var answer = await Eventually.GetAsync(async () =>
        {
            try
            {
                using var message = request();
                using var response = await orders.SendAsync(message, TestContext.Current.CancellationToken);
                return (Status: (HttpStatusCode?)response.StatusCode, Body: await response.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException e)
            {
                return (null, e.Message);
            }
        }, seen => seen.Status is { } status && (wanted.Contains(status) || (int)status is >= 400 and < 500), TimeSpan.FromSeconds(90), "An answer");
        wanted.ShouldContain(answer.Status!.Value, answer.Body);
        return answer.Body;
    }
}
