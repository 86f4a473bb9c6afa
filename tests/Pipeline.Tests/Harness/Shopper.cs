using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrderPipeline.Pipeline.Tests;

/// <summary>Places orders of every kind, some of which it cancels, and tries again whatever was not answered.</summary>
internal sealed class Shopper(RunningPipeline pipeline, Random random)
{
    private static readonly string[] Kinds = ["tok_visa", "tok_visa", "tok_visa", "tok_visa", "tok_flaky", "tok_declined", "OUT-OF-STOCK", "cancel"];
    private readonly ConcurrentDictionary<string, string> _orders = new();

    /// <summary>Every order that was acknowledged, and its kind.</summary>
    public IReadOnlyDictionary<string, string> Orders => _orders;

    /// <summary>Shops until told to stop.</summary>
    public async Task ShopAsync(TimeSpan pause, CancellationToken stop)
    {
        var placing = new List<Task>();
        try
        {
            while (true)
            {
                placing.Add(PlaceAsync(Kinds[random.Next(Kinds.Length)]));
                await Task.Delay(pause, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(placing);
        }
    }

    private async Task PlaceAsync(string kind)
    {
        var order = kind switch { "OUT-OF-STOCK" => OrderClient.Order(sku: kind), "cancel" => OrderClient.Order(), _ => OrderClient.Order(kind) };
        var key = Guid.NewGuid().ToString();
        var body = await UntilAnsweredAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order) };
            request.Headers.Add("Idempotency-Key", key);
            return request;
        }, HttpStatusCode.Created, HttpStatusCode.OK);
        var id = JsonDocument.Parse(body).RootElement.GetProperty("orderId").GetString()!;
        if (kind == "cancel")
            await UntilAnsweredAsync(
                () => new HttpRequestMessage(HttpMethod.Post, $"/orders/{id}/cancel") { Content = JsonContent.Create(new { reason = "changed my mind" }) },
                HttpStatusCode.Accepted, HttpStatusCode.Conflict);
        _orders[id] = kind;
    }

    private async Task<string> UntilAnsweredAsync(Func<HttpRequestMessage> request, params HttpStatusCode[] wanted)
    {
        var answer = await Eventually.GetAsync(async () =>
        {
            try
            {
                using var message = request();
                using var response = await pipeline.Orders.SendAsync(message, TestContext.Current.CancellationToken);
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
