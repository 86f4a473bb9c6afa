using Orders.Web;

namespace Orders.Api.Statistics;

/// <summary>GET /stats/stream: server-sent events.</summary>
internal static class StatisticsStream
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task Get(HttpContext http, LatestStatistics statistics, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var now = await statistics.ReadAsync(end.Token); // what fails here is still answered with problem details
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // proxies would otherwise collect before they send
        if (http.IsHeadWanted())
            return;
        try
        {
            var (sent, spoke) = ("", time.GetTimestamp());
            while (true)
            {
                if (now != sent || time.GetElapsedTime(spoke) >= Heartbeat)
                {
                    await SayAsync(now != sent ? $"event: statistics\ndata: {now}\n\n" : ": nothing new\n\n");
                    (sent, spoke) = (now, time.GetTimestamp());
                }

                await Task.Delay(LatestStatistics.MaxAge, time, end.Token);
                now = await statistics.ReadAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }

        async Task SayAsync(string text)
        {
            await http.Response.WriteAsync(text, end.Token);
            await http.Response.Body.FlushAsync(end.Token);
        }
    }
}
