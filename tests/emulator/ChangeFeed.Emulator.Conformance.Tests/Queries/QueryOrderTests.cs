using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Queries;

/// <summary>Sorted results merged from several partitions, and resumed by the tokens a user holds.</summary>
public sealed class QueryOrderTests(Endpoint endpoint)
{
    private static readonly string[] Values =
    [
        "", "null", "false", "true", "-1", "0", "1.5", "2", "1e10", "\"\"", "\"B\"", "\"a\"", "\"\u00e9\"", "\"\ud83d\ude00\"",
        "[]", "[1]", "[2]", "[1,2]", "[\"a\",null,{\"x\":true}]", "[[]]", "{}", "{\"x\":1}", "{\"x\":2}", "{\"x\":[1,\"é\"],\"y\":null}",
        "{\"y\":0.5}",
    ];

    private static readonly SemaphoreSlim Once = new(1);
    private static Container? _shared;

    private async Task<Container> FilledAsync()
    {
        await Once.WaitAsync();
        try
        {
            return _shared ??= await FillAsync();
        }
        finally
        {
            Once.Release();
        }
    }

    /// <summary>Each value three times, on partition keys of their own; ids tell which value they have.</summary>
    private async Task<Container> FillAsync()
    {
        var container = await endpoint.NewContainerAsync(change: properties =>
        {
            properties.IndexingPolicy.AddComposite("/v", "/copy DESC");
            properties.IndexingPolicy.AddComposite("/copy", "/v DESC");
            properties.IndexingPolicy.AddComposite("/kind", "/copy");
            properties.IndexingPolicy.AddComposite("/kind DESC", "/copy");
            properties.IndexingPolicy.AddComposite("/copy DESC", "/kind");
            properties.IndexingPolicy.AddComposite("/copy", "/kind");
        });
        for (var copy = 0; copy < 3; copy++)
        {
            for (var i = 0; i < Values.Length; i++)
            {
                var value = Values[i].Length == 0 ? "" : $",\"v\":{Values[i]}";
                var json = $$"""{"id":"{{i}}-{{copy}}","pk":"{{copy}}-{{i}}","kind":{{i}},"copy":{{copy}}{{value}}}""";
                using var response = await container.CreateItemStreamAsync(
                    new MemoryStream(Encoding.UTF8.GetBytes(json)), new PartitionKey($"{copy}-{i}"));
                response.EnsureSuccessStatusCode();
            }
        }
        return container;
    }

    private sealed record Row(string id, int kind, int copy);

    private static async Task<(List<Row> Rows, string? Token)> PageAsync(Container container, string query, string? token, int size)
    {
        using var feed = container.GetItemQueryIterator<Row>(query, token, new() { MaxItemCount = size });
        var page = await feed.ReadNextAsync();
        return ([.. page], page.ContinuationToken);
    }

    private static async Task<List<Row>> ResumedAsync(Container container, string query, int size)
    {
        var rows = new List<Row>();
        string? token = null;
        var pages = 0;
        do
        {
            (var page, token) = await PageAsync(container, query, token, size);
            rows.AddRange(page);
            rows.Count.ShouldBeLessThan(100, token);
            (++pages).ShouldBeLessThan(300, token);
        }
        while (token is not null);
        return rows;
    }

    private static async Task<List<Row>> AllAsync(Container container, string query, int size = 100)
    {
        var rows = new List<Row>();
        using var feed = container.GetItemQueryIterator<Row>(query, null, new() { MaxItemCount = size });
        while (feed.HasMoreResults)
            rows.AddRange(await feed.ReadNextAsync());
        return rows;
    }

    private static JsonValueKind KindOf(Row row) =>
        Values[row.kind].Length == 0 ? JsonValueKind.Undefined : JsonDocument.Parse(Values[row.kind]).RootElement.ValueKind;

    [Theory]
    [InlineData("SELECT * FROM c ORDER BY c.v")]
    [InlineData("SELECT * FROM c ORDER BY c.v DESC")]
    [InlineData("SELECT * FROM c ORDER BY c.v, c.copy DESC")]
    [InlineData("SELECT * FROM c ORDER BY c.copy, c.v DESC")]
    [InlineData("SELECT * FROM c WHERE c.kind > 12 ORDER BY c.v")]
    [InlineData("SELECT VALUE {\"id\": c.id, \"kind\": c.kind, \"copy\": c.copy} FROM c ORDER BY c.v")]
    public async Task Every_token_resumes_a_sorted_query_over_values_of_all_kinds(string query)
    {
        var container = await FilledAsync();
        var whole = await AllAsync(container, query);

        whole.Select(row => row.id).Distinct().Count().ShouldBe(query.Contains("WHERE", StringComparison.Ordinal) ? 36 : 75);
        foreach (var size in query.EndsWith("c.v", StringComparison.Ordinal) ? [1, 10] : new[] { 7 })
            (await ResumedAsync(container, query, size)).ShouldBe(whole, $"pages of {size}");
    }

    [Fact]
    public async Task Kinds_of_values_have_an_order_and_equal_values_stay_together()
    {
        var rows = await AllAsync(await FilledAsync(), "SELECT * FROM c ORDER BY c.v", 7);

        rows.Take(42).Select(row => row.kind).ShouldBe(Enumerable.Range(0, 14).SelectMany(kind => new[] { kind, kind, kind }));
        rows.Skip(42).Take(18).ShouldAllBe(row => KindOf(row) == JsonValueKind.Array);
        rows.Skip(60).ShouldAllBe(row => KindOf(row) == JsonValueKind.Object);
        for (var i = 0; i < rows.Count; i += 3)
            rows.Skip(i).Take(3).Select(row => row.kind).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("SELECT * FROM c WHERE c.kind = 3 OR c.kind = 5 ORDER BY c.kind DESC, c.copy", "5-0,5-1,5-2,3-0,3-1,3-2")]
    [InlineData("SELECT TOP 4 * FROM c ORDER BY c.copy DESC, c.kind", "0-2,1-2,2-2,3-2")]
    [InlineData("SELECT * FROM c ORDER BY c.copy, c.kind OFFSET 24 LIMIT 3", "24-0,0-1,1-1")]
    [InlineData("SELECT * FROM c WHERE c.copy = 1 ORDER BY c.kind DESC OFFSET 23 LIMIT 10", "1-1,0-1")]
    public async Task Rows_of_all_partitions_come_in_one_order(string query, string ids)
    {
        var container = await FilledAsync();

        foreach (var size in new[] { -1, 1, 2 })
            string.Join(",", (await AllAsync(container, query, size)).Select(row => row.id)).ShouldBe(ids);
    }

    [Fact]
    public async Task A_sorted_query_goes_on_after_a_split_of_its_partition()
    {
        var container = await FillAsync();
        var query = "SELECT * FROM c ORDER BY c.kind, c.copy";
        var (rows, token) = await PageAsync(container, query, null, 10);

        await endpoint.SplitAsync(container);

        using var rest = container.GetItemQueryIterator<Row>(query, token, new() { MaxItemCount = 10 });
        while (rest.HasMoreResults)
            rows.AddRange(await rest.ReadNextAsync());
        rows.Select(row => row.id)
            .ShouldBe(Enumerable.Range(0, 25).SelectMany(kind => Enumerable.Range(0, 3).Select(copy => $"{kind}-{copy}")));
    }
}
