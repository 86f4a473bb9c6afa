using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Tests.Engine.Query;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests.Queries;

/// <summary>The tables of queries once more: through the SDK, every document in another partition key.</summary>
public sealed class QueryTableTests(Endpoint endpoint)
{
    private static readonly ConcurrentDictionary<string, Task<Container>> Containers = new();

    public static TheoryData<string, int> Rows() =>
        [.. QueryCases.Files(items: true).SelectMany(file => QueryCases.Items(file).Select((row, index) => (file, row, index)))
            .Where(entry => !entry.row.OnePartition).Select(entry => (entry.file, entry.index))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_query_over_all_partitions_returns_what_the_table_says(string file, int index)
    {
        var row = QueryCases.Items(file).ElementAt(index);
        var container = await Containers.GetOrAdd(string.Concat(row.Documents), _ => FillAsync(row.Documents));

        foreach (var pageSize in new[] { -1, 1, 3 })
        {
            var (status, error, results) = await RunAsync(container, row.Query, pageSize);
            if (row.Expected.StartsWith("error ", StringComparison.Ordinal))
            {
                status.ShouldBe(HttpStatusCode.BadRequest);
                error.ShouldContain(row.Expected["error ".Length..]);
                continue;
            }
            if (row.Expected.StartsWith("unsupported ", StringComparison.Ordinal))
            {
                status.ShouldBe(HttpStatusCode.NotImplemented);
                error.ShouldContain(row.Expected["unsupported ".Length..]);
                continue;
            }
            status.ShouldBe(HttpStatusCode.OK, error);
            var expected = JsonDocument.Parse(row.Expected).RootElement.EnumerateArray().Select(NormalJson.Of).ToList();
            // Which rows come first, and in what order equal ones, depends on the partitions.
            if (row.Query.Contains("TOP ", StringComparison.Ordinal) || row.Query.Contains("OFFSET ", StringComparison.Ordinal))
                results.Count.ShouldBe(expected.Count, row.Query);
            else
                results.Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal), row.Query);
        }
    }

    private async Task<Container> FillAsync(IReadOnlyList<string> documents)
    {
        var container = await endpoint.NewContainerAsync("/id", properties =>
        {
            properties.IndexingPolicy.AddComposite("/w", "/v");
            properties.IndexingPolicy.AddComposite("/w", "/v DESC");
        });
        foreach (var document in documents)
        {
            var id = JsonDocument.Parse(document).RootElement.GetProperty("id").GetString();
            using var created = await container.CreateItemStreamAsync(
                new MemoryStream(Encoding.UTF8.GetBytes(document)), new PartitionKey(id));
            created.EnsureSuccessStatusCode();
        }
        return container;
    }

    private static async Task<(HttpStatusCode Status, string Error, List<string> Results)> RunAsync(
        Container container, string query, int pageSize)
    {
        var results = new List<string>();
        using var feed = container.GetItemQueryStreamIterator(query, null, new() { MaxItemCount = pageSize });
        while (feed.HasMoreResults)
        {
            using var page = await feed.ReadNextAsync();
            if (!page.IsSuccessStatusCode)
                return (page.StatusCode, page.ErrorMessage, results);
            using var body = await JsonDocument.ParseAsync(page.Content);
            results.AddRange(body.RootElement.GetProperty("Documents").EnumerateArray().Select(NormalJson.Of));
        }
        return (HttpStatusCode.OK, "", results);
    }
}
