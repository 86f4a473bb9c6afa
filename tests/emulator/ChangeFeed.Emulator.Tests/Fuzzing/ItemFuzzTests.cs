using System.Text;
using ChangeFeed.Emulator.Engine.Items;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>Whatever bytes come as an item, a patch or the definition of a container, they are taken or refused with a status.</summary>
public sealed class ItemFuzzTests
{
    private const string Item = """{"id":"1","pk":{"a":"x"},"n":[1,2.50,{"deep":null}],"ttl":60,"text":"a\u00e4\ud83d\ude00\"\\\n","big":1e400,"_etag":"\"0\""}""";

    private const string Patch = """
        {"condition":"FROM c WHERE c.n = 1","operations":[{"op":"set","path":"/a/b","value":{"x":1}},{"op":"add","path":"/n/-","value":3},
         {"op":"incr","path":"/count","value":1.5},{"op":"move","from":"/a","path":"/b"},{"op":"remove","path":"/n/0"}]}
        """;

    private const string Container = """
        {"id":"things","partitionKey":{"paths":["/pk/a","/b"],"kind":"MultiHash","version":2},"defaultTtl":-1,"uniqueKeyPolicy":{"uniqueKeys":[{"paths":["/a","/b/c"]}]},
         "indexingPolicy":{"indexingMode":"consistent","automatic":true,"includedPaths":[{"path":"/*"}],"excludedPaths":[{"path":"/\"_etag\"/?"}],
         "compositeIndexes":[[{"path":"/a","order":"ascending"},{"path":"/b","order":"descending"}]]},
         "changeFeedPolicy":{"retentionDuration":60},"computedProperties":[{"name":"lower","query":"SELECT VALUE LOWER(c.name) FROM c"}]}
        """;

    private static readonly ContainerDefinition Definition = Define(Encoding.UTF8.GetBytes(Container));

    [Fact]
    public Task Made_up_items_patches_and_containers_are_taken_or_refused() => FuzzRun.RunAsync(random =>
    {
        var (text, use) = random.Next(3) switch
        {
            0 => (Item, (Action<byte[]>)(bytes => ItemContent.Parse(bytes, Definition))),
            1 => (Patch, bytes => PatchDocument.Parse(bytes).Apply("""{"id":"1","a":{"b":[1]},"n":[1,2]"""u8)),
            _ => (Container, bytes => Define(bytes)),
        };
        var bytes = random.Next(2) == 0 ? Mutations.Bytes(random, text) : Encoding.UTF8.GetBytes(Mutations.Words(random, [Item, Patch, Container]));
        try
        {
            use(bytes);
            return Task.FromResult<string?>(null);
        }
        catch (CosmosErrorException e)
        {
            return Task.FromResult(e.Status is >= 400 and < 500 or 501 ? null : $"status {e.Status}");
        }
        catch (Exception e)
        {
            return Task.FromResult<string?>(
                $"{e.GetType().Name}: {e.Message} at {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()} of: {Encoding.UTF8.GetString(bytes)}");
        }
    });

    private static ContainerDefinition Define(byte[] json)
    {
        using var body = ChangeFeed.Emulator.Protocol.JsonBody.Parse(json);
        return ContainerDefinition.Parse(body.RootElement);
    }
}
