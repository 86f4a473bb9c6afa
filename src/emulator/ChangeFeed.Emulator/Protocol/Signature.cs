using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>Checks that a request is signed with the account key (HMAC-SHA256), as the service does.</summary>
internal sealed class Signature(string key, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly byte[] _key = Convert.FromBase64String(key);

    public void Check(CosmosRequest request)
    {
        if (request.Header("authorization") is not { } header)
            throw Refused("The request has no authorization header; connect with the account key.");
        var token = Uri.UnescapeDataString(header);
        var at = token.IndexOf("sig=", StringComparison.Ordinal);
        if (!token.StartsWith("type=master&", StringComparison.Ordinal) || at < 0)
            throw Refused("Only authorization with the account key is supported (type=master).");

        CheckDate(request.Header(Headers.Date) ?? request.Header("date"));
        var (type, link, ridLink) = Resource(request.Segments);
        var given = token[(at + 4)..];
        if (Matches(given, request, type, link) || Matches(given, request, type, ridLink))
            return;
        if (request.Segments is ["dbs", _, "colls", _, "operations", ..]
            && Matches(given, request, "partitionkey", string.Join('/', request.Segments.AsSpan(0, 4))))
            return;
        // An id such as "a%20b" is sent as it is, though "a b" is sent like that too: only the signed text tells them apart.
        if (!request.UseUndecoded() || !Matches(given, request, type, Resource(request.Segments).Link))
            throw Refused("The input authorization token can't serve the request: the signature does not match. "
                + "The account key of the client is not the key of this endpoint.");
    }

    private void CheckDate(string? text)
    {
        if (!DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date))
            throw Refused($"The request has no date: {Headers.Date} must be one such as 'Fri, 20 Nov 2026 10:00:00 GMT'.");
        var now = time.GetUtcNow();
        if ((now - date).Duration() > Window)
            throw new CosmosErrorException(
                403,
                "Forbidden",
                "The authorization token is not valid at the current time. Please create another token and retry "
                + $"(token start time: {date:R}, token expiry time: {date + Window:R}, current server time: {now:R}).");
    }

    /// <summary>Type and link that are signed: the link as named, and as it is signed when addressed by rid.</summary>
    private static (string Type, string Link, string RidLink) Resource(string[] segments)
    {
        if (segments.Length == 0)
            return ("", "", "");
        var isFeed = segments.Length % 2 == 1;
        var type = isFeed ? segments[^1] : segments[^2];
        var link = string.Join('/', isFeed ? segments.AsSpan(0, segments.Length - 1) : segments);
        var rid = isFeed ? segments.Length == 1 ? "" : segments[^2] : segments[^1];
        return (type, link, rid.ToLowerInvariant());
    }

    private bool Matches(string given, CosmosRequest request, string type, string link)
    {
        var date = request.Header(Headers.Date);
        var standardDate = date is null ? request.Header("date")?.ToLowerInvariant() : "";
        var payload =
            $"{request.Method.ToLowerInvariant()}\n{type.ToLowerInvariant()}\n{link}\n{date?.ToLowerInvariant()}\n{standardDate}\n";
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(payload), hash);
        Span<byte> expected = stackalloc byte[44];
        Base64.EncodeToUtf8(hash, expected, out _, out _);
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given));
    }

    private static CosmosErrorException Refused(string message) => new(401, "Unauthorized", message);
}
