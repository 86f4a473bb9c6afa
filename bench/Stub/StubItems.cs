using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bench.Stub;

/// <summary>Documents of the stub: create, read, replace, delete, and the two queries that are sent to it.</summary>
internal sealed partial class StubItems(GroupCommit? disk)
{
    private const string AnyPlan = """
        {"partitionedQueryExecutionInfoVersion":2,"queryInfo":{"distinctType":"None","rewrittenQuery":"","hasSelectValue":false},
        "queryRanges":[{"min":"","max":"FF","isMinInclusive":true,"isMaxInclusive":false}]}
        """;

    public async Task PostAsync(HttpContext http, StubContainer container)
    {
        var headers = http.Request.Headers;
        if (headers.ContainsKey("x-ms-cosmos-is-query-plan-request"))
            await StubAnswer.JsonAsync(http, StatusCodes.Status200OK, AnyPlan);
        else if (headers.ContainsKey("x-ms-documentdb-isquery"))
            await QueryAsync(http, container);
        else if (headers.ContainsKey("x-ms-cosmos-is-batch-request"))
            await StubAnswer.ErrorAsync(http, StatusCodes.Status501NotImplemented, "The stub has no batches.");
        else
            await WriteAsync(http, container, headers.ContainsKey("x-ms-documentdb-is-upsert") ? _ => true : existing => existing is null,
                StatusCodes.Status201Created, StatusCodes.Status409Conflict);
    }

    public Task PutAsync(HttpContext http, StubContainer container)
    {
        var ifMatch = http.Request.Headers.IfMatch.ToString();
        return WriteAsync(http, container, existing => existing is not null && (ifMatch.Length == 0 || existing.Etag == ifMatch),
            StatusCodes.Status200OK, StatusCodes.Status412PreconditionFailed);
    }

    public Task GetAsync(HttpContext http, StubContainer container, string id)
    {
        var key = PartitionKey(http);
        return container.PartitionOf(key).TryGet(key, id, out var item)
            ? StubAnswer.BytesAsync(http, StatusCodes.Status200OK, item.Json, item.Etag)
            : StubAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "Not there.");
    }

    public Task DeleteAsync(HttpContext http, StubContainer container, string id)
    {
        var key = PartitionKey(http);
        return container.PartitionOf(key).Delete(key, id)
            ? StubAnswer.EmptyAsync(http, StatusCodes.Status204NoContent)
            : StubAnswer.ErrorAsync(http, StatusCodes.Status404NotFound, "Not there.");
    }

    private async Task WriteAsync(HttpContext http, StubContainer container, Func<StubItem?, bool> condition, int success, int failure)
    {
        var key = PartitionKey(http);
        var body = await ReadBodyAsync(http);
        var incoming = IncomingItem.Parse(body);
        var partition = container.PartitionOf(key);
        var item = disk is null
            ? partition.Put(key, incoming, condition)
            : await disk.WriteAsync(body, () => partition.Put(key, incoming, condition));
        if (item is null)
            await StubAnswer.ErrorAsync(http, failure, "The condition does not hold.");
        else if (http.Request.Headers["Prefer"] == "return=minimal")
            await StubAnswer.EmptyAsync(http, success, item.Etag);
        else
            await StubAnswer.BytesAsync(http, success, item.Json, item.Etag);
    }

    private static async Task QueryAsync(HttpContext http, StubContainer container)
    {
        using var query = JsonDocument.Parse(await ReadBodyAsync(http));
        var prefix = LeaseQuery().Match(query.RootElement.GetProperty("query"u8).GetString()!);
        List<StubItem> items;
        if (!prefix.Success)
            items = container.PartitionOf(PartitionKey(http)).OfPartitionKey(PartitionKey(http));
        else if (http.Request.Headers["x-ms-documentdb-partitionkeyrangeid"].ToString() is { Length: > 0 } range)
            items = container.Partitions[int.Parse(range)].WithPrefix(prefix.Groups[1].Value);
        else
            items = container.Partitions.SelectMany(p => p.WithPrefix(prefix.Groups[1].Value)).ToList();
        await StubAnswer.PageAsync(http, container, items);
    }

    private static string PartitionKey(HttpContext http) => http.Request.Headers["x-ms-documentdb-partitionkey"].ToString();

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        var read = await body.ReadAtLeastAsync((int)(http.Request.ContentLength ?? 0));
        var bytes = read.Buffer.ToArray();
        body.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    [GeneratedRegex(@"STARTSWITH\(c\.id, '([^']*)'\)")]
    private static partial Regex LeaseQuery();
}
