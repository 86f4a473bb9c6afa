using System.Text;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Conformance.Tests;

/// <summary>The examples of Microsoft's page on what request units are made of, on documents whose stored size is exactly so.</summary>
public sealed class RequestChargeTests(Endpoint endpoint)
{
    private const int Kilobyte = 1024;

    [Theory]
    [InlineData(1, 1.00, 4.95)]
    [InlineData(2, 1.04, 6.29)]
    [InlineData(16, 1.67, 9.52)]
    [InlineData(64, 4.76, 22.67)]
    [InlineData(1024, 145.90, 625.00)]
    [InlineData(3, 1.09, 6.48)] // half way between two rows of the table
    public async Task Size_is_what_reading_and_writing_cost(int kilobytes, double read, double write)
    {
        var container = await NewAsync(indexed: false);
        (await CreateAsync(container, "1", kilobytes * Kilobyte)).ShouldBe(write);
        using var response = await container.ReadItemStreamAsync("1", new("a"));
        response.Content.Length.ShouldBe(kilobytes * Kilobyte);
        response.Headers.RequestCharge.ShouldBe(read);
        using var deleted = await container.DeleteItemStreamAsync("1", new("a"));
        deleted.Headers.RequestCharge.ShouldBe(write);
    }

    [Fact]
    public async Task A_term_of_the_index_costs_when_it_comes_and_when_it_goes()
    {
        var container = await NewAsync(indexed: true);
        var ten = string.Concat(Enumerable.Range(0, 10).Select(n => $",\"n{n}\":{n}"));
        (await CreateAsync(container, "1", Kilobyte, ten)).ShouldBe(6.95);
        (await ReplaceAsync(container, "1", Kilobyte, ten.Replace(":3", ":33").Replace(":4", ":44"))).ShouldBe(10.7);
        (await ReplaceAsync(container, "1", Kilobyte, ten.Replace(":3", ":33").Replace(":4", ":44"))).ShouldBe(9.9);
        using var deleted = await container.DeleteItemStreamAsync("1", new("a"));
        deleted.Headers.RequestCharge.ShouldBe(6.95);
    }

    [Fact]
    public async Task A_patch_costs_a_replacement_and_each_of_its_operations()
    {
        var container = await NewAsync(indexed: true);
        await CreateAsync(container, "1", Kilobyte, """,n0":0,"n1":1""".Insert(1, "\""));
        using var patched = await container.PatchItemStreamAsync("1", new("a"), [PatchOperation.Set("/n0", 5), PatchOperation.Set("/n1", 6)]);
        patched.Headers.RequestCharge.ShouldBe(11.5);
    }

    [Fact]
    public async Task A_feed_costs_what_reading_its_documents_one_by_one_costs()
    {
        var container = await NewAsync(indexed: false);
        for (var n = 0; n < 5; n++)
            await CreateAsync(container, $"{n}", Kilobyte);
        using var feed = container.GetChangeFeedStreamIterator(
            ChangeFeedStartFrom.Beginning(FeedRange.FromPartitionKey(new("a"))), ChangeFeedMode.LatestVersion);
        using var page = await feed.ReadNextAsync();
        page.Headers.RequestCharge.ShouldBe(5);
        using var nothing = await feed.ReadNextAsync();
        nothing.Headers.RequestCharge.ShouldBe(1);
    }

    /// <summary>A container that indexes nothing, or the properties n0 to n9.</summary>
    private Task<Container> NewAsync(bool indexed) => endpoint.NewContainerAsync("/pk", properties =>
    {
        properties.IndexingPolicy.ExcludedPaths.Add(new() { Path = "/*" });
        for (var n = 0; indexed && n < 10; n++)
            properties.IndexingPolicy.IncludedPaths.Add(new() { Path = $"/n{n}/?" });
    });

    private static async Task<double> CreateAsync(Container container, string id, int stored, string more = "")
    {
        using var response = await container.CreateItemStreamAsync(await DocumentAsync(container, id, stored, more), new("a"));
        response.EnsureSuccessStatusCode();
        return response.Headers.RequestCharge;
    }

    private static async Task<double> ReplaceAsync(Container container, string id, int stored, string more)
    {
        using var response = await container.ReplaceItemStreamAsync(await DocumentAsync(container, id, stored, more), id, new("a"));
        response.EnsureSuccessStatusCode();
        return response.Headers.RequestCharge;
    }

    /// <summary>A document that has exactly so many bytes when the system properties have been added.</summary>
    private static async Task<Stream> DocumentAsync(Container container, string id, int stored, string more)
    {
        string Text(int filler) => $$"""{"id":"{{id}}","pk":"a"{{more}},"filler":"{{new string('x', filler)}}"}""";
        using var response = await container.CreateItemStreamAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Text(0).Replace("\"pk\":\"a\"", "\"pk\":\"b\""))), new("b"));
        response.EnsureSuccessStatusCode();
        var added = (int)response.Content.Length - Text(0).Length;
        (await container.DeleteItemStreamAsync(id, new("b"))).Dispose();
        return new MemoryStream(Encoding.UTF8.GetBytes(Text(stored - added - Text(0).Length)));
    }
}
