using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using ChangeFeed.AppHost.Options;
using ChangeFeed.AppHost.Resources;

namespace ChangeFeed.AppHost.Commands;

/// <summary>Calls the API of a service as any client of it does.</summary>
internal sealed class ServiceClient(string service, string address, string key)
{
    // The app host traces nothing. Were it to pass on that it does not, the service would not trace the order either.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The orders API or customer care, with the key of an operator.</summary>
    public static ServiceClient Of(string service, DistributedApplicationModel model, Settings settings) =>
        new(service, model.UrlOf(service), settings.CareKey);

    /// <exception cref="CommandException">It does not answer, or it refuses; then the message is its own.</exception>
    public async Task<JsonObject> SendAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, $"{address}{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        request.Headers.Add("X-Api-Key", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        try
        {
            using var response = await Http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var answer = Read(text);
            return response.IsSuccessStatusCode && answer is not null
                ? answer
                : throw new CommandException(ProblemOf(answer) ?? $"{service} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{service} does not answer at {address}: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"{service} did not answer within {Http.Timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>What a problem of RFC 9457 says: of each wrong field what is wrong with it, or else its sentence.</summary>
    internal static string? ProblemOf(JsonObject? answer) => answer?["errors"] is JsonObject { Count: > 0 } errors
        ? string.Join(" ", errors.Select(field => $"{field.Key}: {string.Join(" ", field.Value!.AsArray())}"))
        : ((answer?["detail"] ?? answer?["title"]) as JsonValue)?.ToString();

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
