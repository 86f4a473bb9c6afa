using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Hosting;

namespace Deployment.Tests;

/// <summary>The containers that are deployed are those the services declare.</summary>
public sealed class ContainersTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void The_list_that_is_deployed_is_the_one_the_code_declares()
    {
        var declared = new JsonArray([.. Declared().Select(ToJson)]).ToJsonString(Indented) + "\n";
        var file = Repository.File("deploy/azure/containers.json");

        File.ReadAllText(file).ReplaceLineEndings("\n").ShouldBe(
            declared.ReplaceLineEndings("\n"), "The services declare other containers than the file has. It has to be:\n" + declared);
    }

    /// <summary>Every container any part of the system declares.</summary>
    private static IEnumerable<ContainerDefinition> Declared() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Orders.*.dll")
            .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(property => property.PropertyType == typeof(ContainerDefinition))
            .Select(property => (ContainerDefinition)property.GetValue(null)!)
            .DistinctBy(definition => definition.Name)
            .OrderBy(definition => definition.Name, StringComparer.Ordinal);

    private static JsonNode ToJson(ContainerDefinition definition)
    {
        var json = new JsonObject { ["name"] = definition.Name, ["partitionKey"] = definition.PartitionKey };
        if (definition.DefaultTtl is { } ttl)
            json["defaultTtl"] = ttl;
        json["indexed"] = new JsonArray([.. definition.Indexed.Select(path => JsonValue.Create(path))]);
        return json;
    }
}
