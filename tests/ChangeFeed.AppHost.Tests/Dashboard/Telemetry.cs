using System.Net.Http.Json;
using System.Text.Json;

namespace ChangeFeed.AppHost.Tests.Dashboard;

/// <summary>What the dashboard was told, as its API tells it on.</summary>
internal sealed class Telemetry(Uri dashboard, string key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = dashboard, DefaultRequestHeaders = { { "X-API-Key", key } } };

    public async Task<IReadOnlyList<Trace>> TracesAsync()
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>("/api/telemetry/traces?limit=10000", TestContext.Current.CancellationToken);
        var spans =
            from resource in answer.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            let service = Service(resource)
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select (TraceId: span.GetProperty("traceId").GetString()!, Span: Span.Read(service, span));
        return [.. spans.GroupBy(one => one.TraceId, one => one.Span).Select(trace => new Trace(trace.Key, [.. trace.OrderBy(s => s.Start)]))];
    }

    public void Dispose() => _http.Dispose();

    private static string Service(JsonElement resource) => resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
        .First(attribute => attribute.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()!;
}

/// <param name="Spans">In the order they started.</param>
internal sealed record Trace(string Id, IReadOnlyList<Span> Spans)
{
    public Span First => Spans.FirstOrDefault(span => !span.HasParent) ?? Spans[0];

    public IEnumerable<string> Services => Spans.Select(span => span.Service).Distinct();

    /// <summary>Somebody asked for something, or an order was placed or cancelled: not what a service does on its own account.</summary>
    public bool IsOfPeople => !First.HasParent && (First.Kind == Span.Server || First.Name is "place order" or "cancel order");
}

internal sealed record Span(string Service, string Name, int Kind, bool HasParent, long Start)
{
    public const int Server = 2;

    public static Span Read(string service, JsonElement span) => new(
        service,
        span.GetProperty("name").GetString()!,
        span.TryGetProperty("kind", out var kind) ? kind.GetInt32() : 0,
        span.TryGetProperty("parentSpanId", out var parent) && !string.IsNullOrEmpty(parent.GetString()),
        long.Parse(span.GetProperty("startTimeUnixNano").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
}
