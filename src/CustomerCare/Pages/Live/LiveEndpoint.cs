using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using OrderPipeline.CustomerCare.Access;
using OrderPipeline.CustomerCare.Events;
using OrderPipeline.CustomerCare.Pages.Overview;

namespace OrderPipeline.CustomerCare.Pages.Live;

/// <summary>Tells a page, over server-sent events, that what it shows has changed.</summary>
internal static class LiveEndpoint
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static void MapLive(this WebApplication app)
    {
        var live = app.MapGroup("/live");
        live.RequireAuthorization(Roles.Reader).DisableRequestTimeout().ExcludeFromDescription();
        live.MapGet("/overview", (RecentOrdersReader recent, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken gone) =>
            TypedResults.ServerSentEvents(ChangesAsync(_ => Task.FromResult(recent.Look()?.Revision ?? 0), time, lifetime.ApplicationStopping, gone)));
        live.MapGet("/orders/{id:guid}", (Guid id, StoredEvents events, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken gone) =>
            TypedResults.ServerSentEvents(ChangesAsync(
                async cancellationToken => (await events.ReadAsync(id.ToString(), cancellationToken)).Count, time, lifetime.ApplicationStopping, gone)));
    }

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
