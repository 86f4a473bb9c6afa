using System.Buffers;
using System.Globalization;
using ChangeFeed.Emulator.Model;
using Microsoft.AspNetCore.Http.Features;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>A request with its path cut into segments, each percent-decoded exactly once from the raw target.</summary>
internal sealed class CosmosRequest
{
    private readonly string[] _undecoded;

    private CosmosRequest(HttpContext http, string[] undecoded)
    {
        (Http, _undecoded) = (http, undecoded);
        Segments = Array.ConvertAll(undecoded, segment => segment.Contains('%') ? Uri.UnescapeDataString(segment) : segment);
    }

    public HttpContext Http { get; }

    public string[] Segments { get; private set; }

    public string Method => Http.Request.Method;

    public CancellationToken Aborted => Http.RequestAborted;

    public static CosmosRequest From(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        if (query >= 0)
            target = target[..query];
        if (!target.StartsWith("/") && target.IndexOf("://") is > 0 and var scheme)
            target = target[(scheme + 3)..] is var rest && rest.IndexOf('/') is >= 0 and var slash ? rest[slash..] : "/";

        var segments = new List<string>(6);
        foreach (var part in target.Split('/'))
        {
            var segment = target[part];
            if (segment.Length > 0)
                segments.Add(segment.ToString());
        }
        return new(http, [.. segments]);
    }

    /// <summary>The same request for what is named behind its first segments.</summary>
    public CosmosRequest Below(int segments) => new(Http, _undecoded[segments..]);

    /// <summary>Takes the segments as they were sent; false where that makes no difference.</summary>
    public bool UseUndecoded()
    {
        var differs = !Segments.SequenceEqual(_undecoded);
        Segments = _undecoded;
        return differs;
    }

    public string? Header(string name) =>
        Http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    public bool Flag(string name) => string.Equals(Header(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The page size asked for; null where the choice is the server's.</summary>
    public int? MaxItemCount
    {
        get
        {
            if (Header(Headers.MaxItemCount) is not { } text)
                return null;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || count is < -1 or 0)
                throw CosmosErrorException.BadRequest($"{Headers.MaxItemCount} is '{text}'; it must be a positive whole number, or -1.");
            return count > 0 ? count : null;
        }
    }

    /// <summary>Whether the body is a query, to be run or planned.</summary>
    public bool IsQuery =>
        Flag(Headers.IsQuery) || Flag(Headers.IsQueryPlan)
        || Http.Request.ContentType?.StartsWith("application/query+json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether the request changes nothing, whatever it names.</summary>
    public bool OnlyReads => Method == "GET" || (Method == "POST" && IsQuery && !Flag(Headers.IsBatch));

    public bool Minimal => Header("Prefer") is { } prefer && prefer.Contains("return=minimal", StringComparison.OrdinalIgnoreCase);

    public async ValueTask<byte[]> ReadBodyAsync(int limit)
    {
        if (Http.Request.ContentLength > limit)
            throw CosmosErrorException.TooLarge($"The request body has {Http.Request.ContentLength} bytes; at most {limit} are allowed.");
        if (Http.Request.ContentLength is { } length)
            return await ReadExactlyAsync((int)length);

        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await Http.Request.Body.ReadAsync(buffer.GetMemory(4096), Aborted);
            if (read == 0)
                return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
                throw CosmosErrorException.TooLarge($"The request body is too large; at most {limit} bytes are allowed.");
        }
    }

    private async ValueTask<byte[]> ReadExactlyAsync(int length)
    {
        var body = GC.AllocateUninitializedArray<byte>(length);
        var reader = Http.Request.BodyReader;
        for (var filled = 0; filled < length;)
        {
            var result = await reader.ReadAsync(Aborted);
            result.Buffer.CopyTo(body.AsSpan(filled));
            filled += (int)result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted && filled < length)
                throw CosmosErrorException.BadRequest("The request body ended early.");
        }
        return body;
    }
}
