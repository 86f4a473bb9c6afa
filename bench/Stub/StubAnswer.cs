using System.Text;

namespace Bench.Stub;

/// <summary>Writes what the SDK needs to see in an answer.</summary>
internal static class StubAnswer
{
    public static Task JsonAsync(HttpContext http, int status, string json, string? etag = null) =>
        BytesAsync(http, status, Encoding.UTF8.GetBytes(json), etag);

    public static Task BytesAsync(HttpContext http, int status, ReadOnlyMemory<byte> json, string? etag = null)
    {
        Prepare(http, status, etag);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        return http.Response.Body.WriteAsync(json).AsTask();
    }

    public static Task EmptyAsync(HttpContext http, int status, string? etag = null)
    {
        Prepare(http, status, etag);
        if (status != StatusCodes.Status204NoContent && status != StatusCodes.Status304NotModified)
            http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static Task ErrorAsync(HttpContext http, int status, string message) =>
        JsonAsync(http, status, $$"""{"code":"{{status}}","message":"{{message}}"}""");

    /// <summary>A page of documents, of a query or of the change feed.</summary>
    public static Task PageAsync(HttpContext http, StubContainer container, List<StubItem> items, string? etag = null)
    {
        Prepare(http, StatusCodes.Status200OK, etag);
        var head = Encoding.UTF8.GetBytes($$"""{"_rid":"{{container.Rid}}","Documents":[""");
        var tail = Encoding.UTF8.GetBytes($$"""],"_count":{{items.Count}}}""");
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = head.Length + tail.Length + items.Sum(i => (long)i.Json.Length) + Math.Max(0, items.Count - 1);
        http.Response.Headers["x-ms-item-count"] = items.Count.ToString();
        var body = http.Response.BodyWriter;
        body.Write(head);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(items[i].Json);
        }

        body.Write(tail);
        return body.FlushAsync().AsTask();
    }

    private static void Prepare(HttpContext http, int status, string? etag)
    {
        var headers = http.Response.Headers;
        http.Response.StatusCode = status;
        headers["x-ms-request-charge"] = "1";
        headers["x-ms-activity-id"] = http.Request.Headers["x-ms-activity-id"];
        if (etag is not null)
            headers.ETag = etag;
    }

    private static void Write(this System.IO.Pipelines.PipeWriter body, ReadOnlySpan<byte> bytes) =>
        System.Buffers.BuffersExtensions.Write(body, bytes);
}
