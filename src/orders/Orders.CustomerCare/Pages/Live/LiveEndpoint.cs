using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ChangeFeed.MassTransit;
using Orders.CustomerCare.DeadLetters;
using Orders.CustomerCare.DeadLetters.Batches;
using Orders.CustomerCare.Events;
using Orders.CustomerCare.Pages.Overview;
using Orders.CustomerCare.Services;
using Orders.Web;
using Orders.Web.Access;

namespace Orders.CustomerCare.Pages.Live;

/// <summary>Tells a page, over server-sent events, that what it shows has changed.</summary>
internal static class LiveEndpoint
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static void MapLive(this WebApplication app)
    {
        var live = app.MapGroup("/live");
        live.RequireAuthorization(Roles.Reader).DisableRequestTimeout().ExcludeFromDescription();
        live.Map("/overview", async (http, gone) => HashCode.Combine(
            (await Service<RecentOrdersReader>(http).LatestAsync(gone))?.Revision,
            Hash((await Service<ServicesReader>(http).LatestAsync(gone))?.Services.Select(s => s.Behind) ?? [])));
        live.Map("/services", async (http, gone) => (await Service<ServicesReader>(http).LatestAsync(gone))?.At.Ticks ?? 0);
        live.Map("/orders/{id:guid}", async (http, gone) => HashCode.Combine(
            (await Service<StoredEvents>(http).ReadAsync(OrderOf(http), gone)).Count,
            Hash(await Service<ParkedOrders>(http).OfAsync(OrderOf(http), gone))));
        live.Map("/dead-letters", async (http, gone) => HashCode.Combine(
            Hash(await Service<ParkedOrders>(http).ReadAsync(new ParkedFilter(), gone)),
            http.Request.Query["batch"] is [{ } id] && await Service<BatchService>(http).ReadAsync(id, gone) is { } batch
                ? HashCode.Combine(batch.Done, batch.Failed, batch.Open, batch.FinishedAt)
                : 0));
        live.Map("/dead-letters/{endpoint}/{stream}", async (http, gone) =>
        {
            var (deadLetters, endpoint, stream) = (Service<DeadLetterClient>(http), Route(http, "endpoint"), Route(http, "stream"));
            return HashCode.Combine(await deadLetters.StreamAsync(endpoint, stream, gone), Hash(await deadLetters.RequestsAsync(endpoint, stream, gone)));
        });
    }

    /// <summary>Whatever identifies what a page shows: when it is another number, the page is told.</summary>
    private static void Map(this RouteGroupBuilder live, string pattern, Func<HttpContext, CancellationToken, Task<long>> read) =>
        live.MapGet(pattern, (HttpContext http, TimeProvider time, IHostApplicationLifetime lifetime) => TypedResults.ServerSentEvents(http.IsHeadWanted()
            ? AsyncEnumerable.Empty<SseItem<long>>()
            : ChangesAsync(gone => read(http, gone), time, lifetime.ApplicationStopping, http.RequestAborted)));

    private static T Service<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    private static string Route(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    // The constraint of a route takes white space around it, and upper case.
    private static string OrderOf(HttpContext http) => Guid.Parse(Route(http, "id")).ToString();

    private static int Hash<T>(IEnumerable<T> values) => values.Aggregate(0, HashCode.Combine);

    /// <summary>A sign of life at first, then one item each time the value is another one; ends when the service stops.</summary>
    internal static async IAsyncEnumerable<SseItem<long>> ChangesAsync(
        Func<CancellationToken, Task<long>> read, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        using var timer = new PeriodicTimer(Look, time);
        long? last = null;
        do
        {
            if (await CurrentAsync() is { } current && current != last)
                yield return new SseItem<long>((last = current).Value);
        }
        while (await NextAsync());

        async Task<long?> CurrentAsync()
        {
            try
            {
                return await read(either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                return null;
            }
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await timer.WaitForNextTickAsync(either.Token);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
