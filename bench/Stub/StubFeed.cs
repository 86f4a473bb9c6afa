using System.Globalization;

namespace Bench.Stub;

/// <summary>The change feed of the stub: answered at once, or held open until something is written.</summary>
internal static class StubFeed
{
    public static async Task GetAsync(HttpContext http, StubContainer container)
    {
        var headers = http.Request.Headers;
        var partition = container.Partitions[int.Parse(headers["x-ms-documentdb-partitionkeyrangeid"].ToString())];
        var max = int.TryParse(headers["x-ms-max-item-count"], out var hint) && hint > 0 ? hint : 100;
        var from = headers.IfNoneMatch.ToString() switch
        {
            "" => 0,
            "*" => partition.Lsn,
            var etag => long.Parse(etag.AsSpan().Trim('"'), CultureInfo.InvariantCulture),
        };
        var since = DateTimeOffset.TryParse(headers.IfModifiedSince, CultureInfo.InvariantCulture, out var time) ? time.ToUnixTimeSeconds() : 0;

        var (items, lsn, changed) = partition.ReadFeed(from, since, max);
        if (items.Count == 0 && int.TryParse(headers["x-ms-emulator-longpoll"], out var hold))
        {
            try
            {
                await changed.WaitAsync(TimeSpan.FromMilliseconds(hold), http.RequestAborted);
                (items, lsn, _) = partition.ReadFeed(from, since, max);
            }
            catch (TimeoutException)
            {
                // Nothing was written: the answer is the empty one.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        http.Response.Headers["x-ms-session-token"] = $"{partition.Id}:0#{partition.Lsn}";
        if (items.Count > 0)
        {
            await StubAnswer.PageAsync(http, container, items, $"\"{lsn}\"");
            return;
        }

        http.Response.Headers["x-ms-item-count"] = "0";
        await StubAnswer.EmptyAsync(http, StatusCodes.Status304NotModified, $"\"{lsn}\"");
    }
}
