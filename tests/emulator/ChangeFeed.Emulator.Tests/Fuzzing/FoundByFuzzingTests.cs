using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>What the fuzzing of this folder has found: each of these was answered with 500.</summary>
public sealed class FoundByFuzzingTests
{
    private static readonly byte[] NotUtf8 = [.. "{\"id\":\""u8, 0xC3, .. "\"}"u8];

    [Fact]
    public void A_body_that_is_no_unicode_is_refused()
    {
        foreach (var body in new[] { NotUtf8, """{"id":"\ud800"}"""u8.ToArray(), """{"\udc00":1}"""u8.ToArray() })
        {
            Should.Throw<CosmosErrorException>(() => JsonBody.Parse(body)).Status.ShouldBe(400);
            Should.Throw<CosmosErrorException>(() => PatchDocument.Parse(body)).Status.ShouldBe(400);
            Should.Throw<QueryException>(() => QuerySpec.Parse(body));
        }
    }

    [Fact]
    public void A_patch_that_says_something_twice_is_refused() =>
        Should.Throw<CosmosErrorException>(() => PatchDocument.Parse("""[{"op":"remove","path":"/a","path":"/b"}]"""u8.ToArray())).Status.ShouldBe(400);

    [Fact]
    public void An_item_that_has_a_property_twice_is_not_patched()
    {
        var patch = PatchDocument.Parse("""[{"op":"set","path":"/a","value":1}]"""u8.ToArray());
        Should.Throw<CosmosErrorException>(() => patch.Apply("""{"id":"1","a":2,"a":3"""u8)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/*"}],"compositeIndexes":[[{"path":"/a","order":1},{"path":"/b"}]]} """)]
    [InlineData(""" "indexingPolicy":{"includedPaths":[{"path":"/*"}],"excludedPaths":[{"path":7}]} """)]
    [InlineData(""" "indexingPolicy":{"indexingMode":0} """)]
    [InlineData(""" "uniqueKeyPolicy":{"uniqueKeys":[["/a"]]} """)]
    public void A_policy_of_the_wrong_kind_is_refused(string policy)
    {
        using var body = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"id":"c","partitionKey":{"paths":["/pk"]},{{policy}}}"""));
        Should.Throw<CosmosErrorException>(() => ContainerDefinition.Parse(body.RootElement)).Status.ShouldBe(400);
    }
}
