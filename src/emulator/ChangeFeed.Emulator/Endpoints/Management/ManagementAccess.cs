using System.Net;
using System.Security.Cryptography;
using System.Text;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>
/// Who may use <c>/_emulator</c>. The account key opens it, as a signature like the API's, as <c>Authorization: Bearer KEY</c> or as
/// <c>api-key: KEY</c>. The well-known key is public, so a caller on this machine need not show it. Pages in a browser are kept out
/// either way: a page of any web site can send requests to this machine.
/// </summary>
internal sealed class ManagementAccess(string key, Signature signature)
{
    private const string Bearer = "Bearer ";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly bool _public = key == EmulatorOptions.WellKnownKey;

    public void Check(CosmosRequest request)
    {
        if (IsSentByPage(request))
            throw new CosmosErrorException(
                403, "Forbidden", "Pages in a browser may not use /_emulator; use a command line tool such as curl, or a client.");
        if (HasBody(request) && !HasJson(request))
            throw new CosmosErrorException(415, "UnsupportedMediaType", "The body must be JSON; send it with Content-Type: application/json.");
        CheckKey(request);
    }

    /// <summary>
    /// The same for what the endpoint's own page sends. A page of another site is refused; so is one under a name that was made to point
    /// here, where the key is public and so no proof.
    /// </summary>
    public void CheckOwnPage(CosmosRequest request)
    {
        if (IsSentByOtherPage(request) || (_public && IsSentByPage(request) && !IsAddressedByNumber(request)))
            throw new CosmosErrorException(
                403, "Forbidden", "Only the data explorer's own page may use /_explorer/api, under localhost or an IP address.");
        CheckKey(request);
    }

    private void CheckKey(CosmosRequest request)
    {
        if (Shown(request) is { } shown)
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _key))
                throw new CosmosErrorException(401, "Unauthorized", "The key shown is not the account key of this endpoint.");
        }
        else if (request.Header("authorization") is not null)
            signature.Check(request);
        else if (!_public || !IsLocal(request))
            throw new CosmosErrorException(
                401, "Unauthorized", "/_emulator needs the account key; send it as Authorization: Bearer KEY or as api-key: KEY.");
    }

    /// <summary>
    /// Browsers say where a request comes from. Only following a link or typing an address is let through: it changes nothing, and what
    /// is answered goes to the reader, not to a page.
    /// </summary>
    private static bool IsSentByPage(CosmosRequest request)
    {
        if (request.Header("Origin") is not null)
            return true;
        var fromBrowser = request.Header("Sec-Fetch-Site") is not null || request.Header("Sec-Fetch-Mode") is not null;
        return fromBrowser && !(request.Method == "GET" && request.Header("Sec-Fetch-Mode") == "navigate");
    }

    private static bool IsSentByOtherPage(CosmosRequest request)
    {
        var own = $"{request.Http.Request.Scheme}://{request.Http.Request.Host.Value}";
        return (request.Header("Origin") is { } origin && !origin.Equals(own, StringComparison.OrdinalIgnoreCase))
            || (IsSentByPage(request) && request.Header("Sec-Fetch-Site") is not (null or "same-origin"));
    }

    private static bool HasBody(CosmosRequest request) =>
        request.Http.Request.ContentLength > 0 || request.Header("Transfer-Encoding") is not null;

    private static bool HasJson(CosmosRequest request) =>
        request.Http.Request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    private static string? Shown(CosmosRequest request) => request.Header("authorization") switch
    {
        { } header when header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) => header[Bearer.Length..].Trim(),
        null => request.Header("api-key"),
        _ => null,
    };

    /// <summary>
    /// The caller is on this machine and addresses it as such: the name of a web site that was made to point here is not taken.
    /// </summary>
    private static bool IsLocal(CosmosRequest request)
    {
        var host = request.Http.Request.Host.Host;
        return request.Http.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
            && (IsLocalhost(host) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));
    }

    private static bool IsAddressedByNumber(CosmosRequest request) =>
        request.Http.Request.Host.Host is var host && (IsLocalhost(host) || IPAddress.TryParse(host, out _));

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
