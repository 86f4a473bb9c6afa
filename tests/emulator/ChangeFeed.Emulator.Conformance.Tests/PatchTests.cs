using System.Net;
using Microsoft.Azure.Cosmos;
using static ChangeFeed.Emulator.Conformance.Tests.Expect;

namespace ChangeFeed.Emulator.Conformance.Tests;

public sealed class PatchTests(Endpoint endpoint)
{
    [Theory]
    [InlineData("""{"a":1}""", "add", "/b", "2", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1}""", "add", "/a", "2", """{"a":2}""")]
    [InlineData("""{"a":[1,3]}""", "add", "/a/1", "2", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", "add", "/a/-", "2", """{"a":[1,2]}""")]
    [InlineData("""{"a":[1]}""", "add", "/a/5", "2", null)]
    [InlineData("""{"a":{"b":1}}""", "set", "/a/c", "\"x\"", """{"a":{"b":1,"c":"x"}}""")]
    [InlineData("""{"a":[1,2]}""", "set", "/a/0", "9", """{"a":[9,2]}""")]
    [InlineData("""{"a":1}""", "set", "/b/c", "1", null)]
    [InlineData("""{"a":1}""", "replace", "/a", "null", """{"a":null}""")]
    [InlineData("""{"a":1}""", "replace", "/b", "1", null)]
    [InlineData("""{"a":1,"b":2}""", "remove", "/b", "", """{"a":1}""")]
    [InlineData("""{"a":[1,2,3]}""", "remove", "/a/1", "", """{"a":[1,3]}""")]
    [InlineData("""{"a":1}""", "remove", "/b", "", null)]
    [InlineData("""{"a":1}""", "incr", "/a", "2", """{"a":3}""")]
    [InlineData("""{"a":1}""", "incr", "/a", "-2.5", """{"a":-1.5}""")]
    [InlineData("""{"a":1}""", "incr", "/b", "2", """{"a":1,"b":2}""")]
    [InlineData("""{"a":"x"}""", "incr", "/a", "2", null)]
    [InlineData("""{"a":{"b":1}}""", "move", "/c", "/a/b", """{"a":{},"c":1}""")]
    [InlineData("""{"a~b":1}""", "set", "/a~0b", "2", """{"a~b":2}""")]
    [InlineData("""{"a":1}""", "set", "/id", "\"other\"", null)]
    [InlineData("""{"a":1}""", "set", "/pk", "\"other\"", null)]
    public async Task A_patch_changes_what_it_names_or_is_refused(string before, string op, string path, string value, string? after)
    {
        var container = await endpoint.NewContainerAsync();
        await container.CreateItemStreamAsync(Json($$"""{"id":"1","pk":"k",{{before[1..]}}"""), new("k"));
        var operation = op switch
        {
            "add" => PatchOperation.Add(path, Value(value)),
            "set" => PatchOperation.Set(path, Value(value)),
            "replace" => PatchOperation.Replace(path, Value(value)),
            "remove" => PatchOperation.Remove(path),
            "incr" =>
                value.Contains('.')
                    ? PatchOperation.Increment(path, double.Parse(value))
                    : PatchOperation.Increment(path, long.Parse(value)),
            _ => PatchOperation.Move(value, path),
        };
        using var response = await container.PatchItemStreamAsync("1", new("k"), [operation]);
        response.StatusCode.ShouldBe(after is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        if (after is not null)
            new StreamReader(response.Content).ReadToEnd().ShouldStartWith($$"""{"id":"1","pk":"k",{{after[1..^1]}},"_rid""");
    }

    [Fact]
    public async Task A_patch_of_nothing_and_a_stale_patch_fail()
    {
        var container = await endpoint.NewContainerAsync();
        (await FaultAsync(() => container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 1)]))).ShouldBe(
            (HttpStatusCode.NotFound, 0));
        var first = await container.CreateItemAsync(new Thing("1", "a", 1));
        await container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 2)], new() { IfMatchEtag = first.ETag });
        (await FaultAsync(
            () => container.PatchItemAsync<Thing>("1", new("a"), [PatchOperation.Set("/n", 3)], new() { IfMatchEtag = first.ETag })))
            .ShouldBe((HttpStatusCode.PreconditionFailed, 0));
    }

    private static MemoryStream Json(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private static Newtonsoft.Json.Linq.JToken Value(string json) => Newtonsoft.Json.Linq.JToken.Parse(json);
}
