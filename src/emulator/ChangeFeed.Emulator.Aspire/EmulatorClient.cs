using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>
/// Talks to a running emulator, as the owner of its key: to what it offers beyond the service, and as to an account.
/// </summary>
internal sealed class EmulatorClient(Uri endpoint, string key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = endpoint, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<IReadOnlyList<ContainerStatistics>> ContainersAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, "_emulator/stats"), cancellationToken);
        var statistics = await answer.Content.ReadFromJsonAsync<Statistics>(cancellationToken);
        return statistics?.Containers ?? [];
    }

    /// <summary>Splits a physical partition and returns the names of the two it became.</summary>
    public async Task<IReadOnlyList<string>> SplitAsync(
        ContainerStatistics container, string partition, CancellationToken cancellationToken)
    {
        var (database, name) = (Uri.EscapeDataString(container.Database), Uri.EscapeDataString(container.Container));
        using var answer = await SendAsync(
            new(HttpMethod.Post, $"_emulator/containers/{database}/{name}/split/{partition}"), cancellationToken);
        var children = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return [.. children!["children"]!.AsArray().Select(child => child!.GetValue<string>())];
    }

    /// <summary>Limits the request units per second of each container; null takes the limit away.</summary>
    public async Task LimitAsync(int? unitsPerSecond, CancellationToken cancellationToken)
    {
        var request = unitsPerSecond is { } units
            ? new HttpRequestMessage(HttpMethod.Put, "_emulator/throttle") { Content = JsonContent.Create(new { unitsPerSecond = units }) }
            : new HttpRequestMessage(HttpMethod.Delete, "_emulator/throttle");
        (await SendAsync(request, cancellationToken)).Dispose();
    }

    public async Task AddFaultAsync(Fault fault, CancellationToken cancellationToken) =>
        (await SendAsync(new(HttpMethod.Post, "_emulator/faults") { Content = JsonContent.Create(fault) }, cancellationToken)).Dispose();

    /// <summary>Removes all injected faults and returns how many there were.</summary>
    public async Task<int> RemoveFaultsAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new(HttpMethod.Get, "_emulator/faults"), cancellationToken);
        var faults = await answer.Content.ReadFromJsonAsync<JsonArray>(cancellationToken);
        (await SendAsync(new(HttpMethod.Delete, "_emulator/faults"), cancellationToken)).Dispose();
        return faults!.Count;
    }

    /// <summary>Deletes all databases and returns their names.</summary>
    public async Task<IReadOnlyList<string>> DeleteDatabasesAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(Signed(HttpMethod.Get, "dbs", ""), cancellationToken);
        var list = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        var ids = list!["Databases"]!.AsArray().Select(database => database!["id"]!.GetValue<string>());
        string[] databases = [.. ids.Order(StringComparer.Ordinal)];
        foreach (var database in databases)
        {
            var request = Signed(HttpMethod.Delete, $"dbs/{Uri.EscapeDataString(database)}", $"dbs/{database}");
            (await SendAsync(request, cancellationToken)).Dispose();
        }
        return databases;
    }

    /// <summary>Signed as the REST API of Cosmos DB wants it for a database or the list of databases.</summary>
    private HttpRequestMessage Signed(HttpMethod method, string path, string link)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        var text = $"{method.Method.ToLowerInvariant()}\ndbs\n{link}\n{date.ToLowerInvariant()}\n\n";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-version", "2018-12-31");
        request.Headers.TryAddWithoutValidation("authorization", Uri.EscapeDataString($"type=master&ver=1.0&sig={signature}"));
        return request;
    }

    /// <exception cref="HttpRequestException">It cannot be reached, or it refuses; then the message is its own.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            if (!request.Headers.Contains("authorization"))
                request.Headers.Authorization = new("Bearer", key);
            var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                var body = await answer.Content.ReadAsStringAsync(cancellationToken);
                var message = Message(body) ?? $"The emulator answered {(int)answer.StatusCode}.";
                throw new HttpRequestException(message, null, answer.StatusCode);
            }
        }
    }

    private static string? Message(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["message"]?.GetValue<string>();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private sealed record Statistics(IReadOnlyList<ContainerStatistics> Containers);
}
