using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Orders.Positions.Commands;

/// <summary>Asks customer care, and says in a sentence what it says when it says no.</summary>
internal sealed class CareClient(HttpClient http)
{
    public Task<JsonNode> GetAsync(string address, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);

    public Task<JsonNode> PostAsync(string address, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) }, cancellationToken);

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            if (Environment.GetEnvironmentVariable(CommandOptions.KeyVariable) is { Length: > 0 } key && !http.DefaultRequestHeaders.Contains("X-Api-Key"))
                request.Headers.Add("X-Api-Key", key);
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode && answer is not null ? answer : throw new PositionCommandException(Problem(response, answer));
        }
    }

    private static string Problem(HttpResponseMessage response, JsonNode? problem) => problem?["errors"] is JsonObject errors
        ? string.Join(" ", errors.Select(error => $"{Option(error.Key)}: {string.Join(" ", error.Value!.AsArray())}"))
        : problem?["detail"]?.GetValue<string>() ?? $"Customer care answers {(int)response.StatusCode}.";

    // What a field of the body is called here; "$" is the body as a whole.
    private static string Option(string field) => field == "$" ? "options" : $"--{field}";
}
