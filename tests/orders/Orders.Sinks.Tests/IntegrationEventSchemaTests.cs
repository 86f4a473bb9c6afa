using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Orders.IntegrationEvents;

namespace Orders.Sinks.Tests;

/// <summary>What others were promised: the schemas in docs/integration-events, with what was told under them.</summary>
public sealed class IntegrationEventSchemaTests
{
    private static readonly string[] AboutTheSchema = ["$schema", "$id", "title", "examples"];

    public static TheoryData<string> Names => [.. IntegrationEventTypes.All.Select(type => type.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_type_is_as_its_schema_says(string name)
    {
        var type = TypeOf(name);
        var schema = await ReadAsync(name);
        schema["$id"]!.GetValue<string>().ShouldBe(type.Schema.ToString());
        foreach (var about in AboutTheSchema)
            schema.Remove(about);

        var actual = type.Json.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        JsonNode.DeepEquals(actual, schema).ShouldBeTrue($"{name} is now: {actual}. Others were promised what the file says: another shape is another type, with a later number.");
    }

    [Theory, MemberData(nameof(Names))]
    public async Task What_was_told_once_is_read_and_told_the_same_today(string name)
    {
        var type = TypeOf(name);
        var examples = (await ReadAsync(name))["examples"]!.AsArray();
        examples.ShouldNotBeEmpty();
        foreach (var example in examples)
        {
            var read = example.Deserialize(type.Json);
            JsonNode.DeepEquals(JsonSerializer.SerializeToNode(read, type.Json), example).ShouldBeTrue($"{name}: {example}");
        }
    }

    [Fact]
    public void Every_schema_has_its_type() =>
        Directory.EnumerateFiles(Folder(), "*.json").Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(
            IntegrationEventTypes.All.Select(type => type.Name).Order());

    private static IntegrationEventType TypeOf(string name) => IntegrationEventTypes.All.Single(type => type.Name == name);

    private static async Task<JsonObject> ReadAsync(string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder(), $"{name}.json"), TestContext.Current.CancellationToken))!.AsObject();

    private static string Folder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "integration-events"));
}
