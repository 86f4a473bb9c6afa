using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Bench.Stub;

/// <summary>Routes of the stub: what the SDK sends before and beside documents.</summary>
internal sealed class StubApi(StubAccount account, GroupCommit? disk)
{
    private const string RangesEtag = "\"1\"";

    private readonly StubItems _items = new(disk);

    public Task HandleAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = Array.ConvertAll(target.Split('/', StringSplitOptions.RemoveEmptyEntries), Uri.UnescapeDataString);
        return (http.Request.Method, path) switch
        {
            ("GET", []) => AccountAsync(http),
            ("POST", ["dbs"]) => CreateDatabaseAsync(http),
            ("GET", ["dbs", var db]) => DatabaseAsync(http, StatusCodes.Status200OK, db, account.FindDatabase(db)),
            ("POST", ["dbs", var db, "colls"]) => CreateContainerAsync(http, db),
            (var method, ["dbs", var db, "colls", var coll, .. var rest]) => account.FindContainer(db, coll) is { } container
                ? InContainerAsync(http, method, container, rest)
                : StubAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "No such container."),
            _ => StubAnswer.ErrorAsync(http, StatusCodes.Status501NotImplemented, "The stub does not know this request."),
        };
    }

    private Task InContainerAsync(HttpContext http, string method, StubContainer container, string[] rest) => (method, rest) switch
    {
        ("GET", []) => ContainerAsync(http, StatusCodes.Status200OK, container),
        ("GET", ["pkranges"]) => RangesAsync(http, container),
        ("GET", ["docs"]) => StubFeed.GetAsync(http, container),
        ("POST", ["docs"]) => _items.PostAsync(http, container),
        ("GET", ["docs", var id]) => _items.GetAsync(http, container, id),
        ("PUT", ["docs", _]) => _items.PutAsync(http, container),
        ("DELETE", ["docs", var id]) => _items.DeleteAsync(http, container, id),
        _ => StubAnswer.ErrorAsync(http, StatusCodes.Status501NotImplemented, "The stub does not know this request."),
    };

    private static Task AccountAsync(HttpContext http)
    {
        var address = $"http://{http.Request.Host}/";
        return StubAnswer.JsonAsync(http, StatusCodes.Status200OK, $$$"""
            {"id":"stub","_rid":"stub","userConsistencyPolicy":{"defaultConsistencyLevel":"Session"},"enableMultipleWriteLocations":false,
            "writableLocations":[{"name":"Local","databaseAccountEndpoint":"{{{address}}}"}],
            "readableLocations":[{"name":"Local","databaseAccountEndpoint":"{{{address}}}"}],
            "queryEngineConfiguration":"{\"maxSqlQueryInputLength\":262144,\"maxInExpressionItemsCount\":16000}"}
            """);
    }

    private async Task CreateDatabaseAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var name = body.RootElement.GetProperty("id"u8).GetString()!;
        await DatabaseAsync(http, StatusCodes.Status201Created, name, account.CreateDatabase(name));
    }

    private static Task DatabaseAsync(HttpContext http, int status, string name, string? rid) => rid is null
        ? StubAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "No such database.")
        : StubAnswer.JsonAsync(http, status, $$"""{"id":"{{name}}","_rid":"{{rid}}","_self":"dbs/{{rid}}/","_etag":"\"0\"","_ts":0}""");

    private async Task CreateContainerAsync(HttpContext http, string database)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var name = body.RootElement.GetProperty("id"u8).GetString()!;
        await ContainerAsync(http, StatusCodes.Status201Created, account.CreateContainer(database, name, body.RootElement.GetRawText()));
    }

    private static Task ContainerAsync(HttpContext http, int status, StubContainer container) =>
        StubAnswer.JsonAsync(http, status, $$"""{{container.Definition}},"_rid":"{{container.Rid}}","_etag":"\"0\"","_ts":0}""");

    private static Task RangesAsync(HttpContext http, StubContainer container)
    {
        if (http.Request.Headers.IfNoneMatch == RangesEtag)
            return StubAnswer.EmptyAsync(http, StatusCodes.Status304NotModified, RangesEtag);
        var ranges = container.Partitions.Select(p =>
            $$"""{"id":"{{p.Id}}","minInclusive":"{{container.Bound(p.Id)}}","maxExclusive":"{{container.Bound(p.Id + 1)}}","status":"online"}""");
        return StubAnswer.JsonAsync(http, StatusCodes.Status200OK,
            $$"""{"_rid":"{{container.Rid}}","PartitionKeyRanges":[{{string.Join(',', ranges)}}],"_count":{{container.Partitions.Length}}}""", RangesEtag);
    }
}
