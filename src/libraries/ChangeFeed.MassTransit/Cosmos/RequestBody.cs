using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Cosmos;

/// <summary>The body of a request, for handlers that only look at it.</summary>
internal static class RequestBody
{
    /// <summary>All of it, which is left as it was; null where there is none, or it can be read but once.</summary>
    public static byte[]? Peek(this RequestMessage request)
    {
        if (request.Content is not { CanSeek: true } body)
            return null;
        var start = body.Position;
        var bytes = new byte[body.Length - start];
        body.ReadExactly(bytes);
        body.Position = start;
        return bytes;
    }
}
