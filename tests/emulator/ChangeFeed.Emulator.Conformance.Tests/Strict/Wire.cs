using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ChangeFeed.Emulator.Conformance.Tests.Strict;

/// <summary>Requests as they are on the wire, for what no SDK sends.</summary>
internal static class Wire
{
    private static readonly HttpClient Http = new();

    public static Task<HttpResponseMessage> SendAsync(
        this Endpoint endpoint, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        endpoint.SendAsync(method, path, DateTimeOffset.UtcNow, body, headers);

    public static async Task<HttpResponseMessage> SendAsync(
        this Endpoint endpoint, HttpMethod method, string path, DateTimeOffset date, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(endpoint.Address, path));
        var stamp = date.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);
        request.Headers.Add("x-ms-date", stamp);
        request.Headers.TryAddWithoutValidation("authorization", Uri.EscapeDataString(Authorization(method, path, stamp)));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (!request.Headers.Contains("x-ms-version"))
            request.Headers.Add("x-ms-version", "2020-07-15");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await Http.SendAsync(request);
    }

    public static async Task<string> TextAsync(this Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        return await response.Content.ReadAsStringAsync();
    }

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static string Authorization(HttpMethod method, string path, string date)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var isFeed = segments.Length % 2 == 1;
        var (type, link) = segments switch
        {
            [] => ("", ""),
            [.. var parent, "operations", _] => ("partitionkey", string.Join('/', parent)),
            [.. var parent, var last] when isFeed => (last, string.Join('/', parent)),
            _ => (segments[^2], string.Join('/', segments)),
        };
        var payload = $"{method.Method.ToLowerInvariant()}\n{type}\n{link}\n{date.ToLowerInvariant()}\n\n";
        var signature = HMACSHA256.HashData(Convert.FromBase64String(EmulatorOptions.WellKnownKey), Encoding.UTF8.GetBytes(payload));
        return $"type=master&ver=1.0&sig={Convert.ToBase64String(signature)}";
    }
}
