using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChangeFeed.Emulator.Testing;

/// <summary>What an endpoint offers beyond the service, asked as the owner of its key.</summary>
internal sealed class EmulatorControls : IDisposable
{
    private readonly HttpClient _http;

    public EmulatorControls(Uri endpoint, string key)
    {
        _http = new() { BaseAddress = new(endpoint, "_emulator/") };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    /// <summary>What each container was charged so far.</summary>
    public async Task<Dictionary<string, (long Requests, double Units)>> ChargesAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, "stats", null, cancellationToken);
        var statistics = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return statistics.GetProperty("containers").EnumerateArray().ToDictionary(
            container => $"{container.GetProperty("database").GetString()}/{container.GetProperty("container").GetString()}",
            container => (container.GetProperty("requests").GetInt64(), container.GetProperty("requestUnits").GetDouble()));
    }

    public async Task AddFaultAsync(RequestFault fault, CancellationToken cancellationToken) => (await SendAsync(
        HttpMethod.Post,
        "faults",
        new JsonObject
        {
            ["status"] = (int?)fault.Status,
            ["subStatus"] = fault.SubStatus,
            ["probability"] = fault.Probability,
            ["verb"] = fault.Method?.Method,
            ["path"] = fault.Path,
            ["count"] = fault.Count,
            ["delayMs"] = (int)fault.Delay.TotalMilliseconds,
            ["retryAfterMs"] = (int?)fault.RetryAfter?.TotalMilliseconds,
        },
        cancellationToken)).Dispose();

    public async Task RemoveFaultsAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, "faults", null, cancellationToken)).Dispose();

    public async Task LimitAsync(int? unitsPerSecond, CancellationToken cancellationToken) => (await (unitsPerSecond is { } units
        ? SendAsync(HttpMethod.Put, "throttle", new() { ["unitsPerSecond"] = units }, cancellationToken)
        : SendAsync(HttpMethod.Delete, "throttle", null, cancellationToken))).Dispose();

    public async Task<IReadOnlyList<string>> SplitAsync(
        string database, string container, string partition, CancellationToken cancellationToken)
    {
        var path = $"containers/{Uri.EscapeDataString(database)}/{Uri.EscapeDataString(container)}/split/{Uri.EscapeDataString(partition)}";
        using var answer = await SendAsync(HttpMethod.Post, path, null, cancellationToken);
        var children = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return [.. children.GetProperty("children").EnumerateArray().Select(child => child.GetString()!)];
    }

    /// <summary>Tells the regions something; returns how they are then.</summary>
    public async Task<JsonElement> RegionsAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, $"regions{path}", body, cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <exception cref="InvalidOperationException">The endpoint refuses; the message is its own.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
        {
            var error = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            throw new InvalidOperationException(error.GetProperty("message").GetString());
        }
    }

    public void Dispose() => _http.Dispose();
}
