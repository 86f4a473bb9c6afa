using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orders.Sinks.Tests.Support;

/// <summary>
/// Answers the requests of Azure AI Search that the sink sends, as the service documents them: making an index, mergeOrUpload, and a search by
/// a list of ids. It refuses fields the index does not have. It is no search service, and what is written can be read at once.
/// </summary>
internal sealed class SearchService : IAsyncDisposable
{
    public const string Key = "search-key";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, JsonObject>> _indexes = [];
    private readonly ConcurrentDictionary<string, HashSet<string>> _fields = [];
    private WebApplication? _server;

    public int Port { get; } = LoopbackPorts.Free();

    /// <summary>The client insists on https; <see cref="ToLoopback"/> leads it here.</summary>
    public static string ConnectionString => $"Endpoint=https://search.example.org;Key={Key}";

    public HttpMessageHandler ToLoopback() => new Redirect(Port);

    public IReadOnlyCollection<JsonObject> Documents(string index) => _indexes.TryGetValue(index, out var documents) ? [.. documents.Values] : [];

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        _server = builder.Build();
        _server.Use(async (http, next) =>
        {
            if (http.Request.Headers["api-key"] == Key)
                await next(http);
            else
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
        });
        _server.MapPut("/indexes('{name}')", (string name, JsonObject definition) =>
        {
            _fields[name] = [.. definition["fields"]!.AsArray().Select(field => field!["name"]!.GetValue<string>())];
            _indexes.TryAdd(name, []);
            return Results.Json(definition, statusCode: StatusCodes.Status201Created);
        });
        _server.MapPost("/indexes('{name}')/docs/search.index", (string name, JsonObject batch) => Write(name, batch));
        _server.MapPost("/indexes('{name}')/docs/search.post.search", (string name, JsonObject query) => Search(name, query));
        await _server.StartAsync();
    }

    public void ForgetField(string index, string field) => _fields[index].Remove(field);

    public async Task StopAsync()
    {
        if (_server is null)
            return;
        await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private IResult Write(string name, JsonObject batch)
    {
        if (!_indexes.TryGetValue(name, out var documents))
            return Results.NotFound();
        var results = new JsonArray();
        foreach (var action in batch["value"]!.AsArray().Select(node => (JsonObject)node!.DeepClone()))
        {
            action["@search.action"]!.GetValue<string>().ShouldBe("mergeOrUpload");
            action.Remove("@search.action");
            if (action.Any(field => !_fields[name].Contains(field.Key)))
                return Results.BadRequest();
            var key = action["id"]!.GetValue<string>();
            documents.AddOrUpdate(key, action, (_, before) => Merge(before, action));
            results.Add(new JsonObject { ["key"] = key, ["status"] = true, ["statusCode"] = 200, ["errorMessage"] = null });
        }

        return Results.Json(new JsonObject { ["value"] = results });
    }

    private IResult Search(string name, JsonObject query)
    {
        if (!_indexes.TryGetValue(name, out var documents))
            return Results.NotFound();
        var filter = query["filter"]!.GetValue<string>();
        filter.ShouldStartWith("search.in(id, '");
        var found = new JsonArray();
        foreach (var id in filter.Split('\'')[1].Split('|'))
            if (documents.TryGetValue(id, out var document))
                found.Add(new JsonObject { ["@search.score"] = 1, ["id"] = id, ["version"] = document["version"]!.DeepClone() });
        return Results.Json(new JsonObject { ["value"] = found });
    }

    // A field that is null is cleared; one that is left out stays.
    private static JsonObject Merge(JsonObject before, JsonObject action)
    {
        var merged = (JsonObject)before.DeepClone();
        foreach (var (field, value) in action)
            merged[field] = value?.DeepClone();
        return merged;
    }

    private sealed class Redirect(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = "http", Host = "127.0.0.1", Port = port }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
