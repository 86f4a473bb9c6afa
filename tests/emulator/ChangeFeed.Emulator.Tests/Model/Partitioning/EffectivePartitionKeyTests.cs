using System.Reflection;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.Emulator.Tests.Model.Partitioning;

public sealed class EffectivePartitionKeyTests
{
    public static readonly object?[] Values =
    [
        "", "a", "hello", "0", "ü€😀", new string('x', 15), new string('x', 16), new string('y', 100), new string('z', 1000), "a\u0000b",
        "\"quoted\"",
        0.0, 1.0, -1.0, 1.5, 1e300, -1e-300, 9007199254740993.0, true, false, null,
    ];

    [Fact]
    public void Keys_hash_to_where_the_sdk_routes_them() => Values.ShouldAllBe(value => HashesAlike(value));

    private static bool HashesAlike(object? value)
    {
        Ours(PartitionKeyKind.Hash, value).ShouldBe(Sdk("Hash", ["/a"], value));
        Ours(PartitionKeyKind.MultiHash, value, "second", 3.0).ShouldBe(Sdk("MultiHash", ["/a", "/b", "/c"], value, "second", 3.0));
        return true;
    }

    [Fact]
    public void A_key_that_is_not_there_hashes_to_where_the_sdk_routes_it()
    {
        var undefined = Type("Microsoft.Azure.Documents.Undefined").GetField(
            "Value", BindingFlags.Public | BindingFlags.Static)!.GetValue(null);
        Convert.ToHexString(EffectivePartitionKey.Compute(PartitionKeyKind.Hash, [PartitionKeyComponent.Undefined]))
            .ShouldBe(Sdk("Hash", ["/a"], undefined));
    }

    [Theory]
    [InlineData(1, new[] { "" })]
    [InlineData(
        4, new[] { "", "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE", "2FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD" })]
    public void The_key_space_is_divided_at_the_boundaries_the_service_uses(int count, string[] minima)
    {
        var ranges = EpkRange.Divide(count);
        ranges.Select(range => range.MinHex).ShouldBe(minima);
        ranges[^1].MaxHex.ShouldBe("FF");
    }

    [Fact]
    public void Ranges_are_split_until_nothing_lies_between_their_bounds()
    {
        var range = EpkRange.Full;
        var splits = 0;
        for (; range.Middle() is { } middle; splits++)
        {
            range.Contains(middle).ShouldBeTrue();
            range = new(range.Min, middle);
        }
        splits.ShouldBe(126);
    }

    private static string Ours(PartitionKeyKind kind, params object?[] values) =>
        Convert.ToHexString(EffectivePartitionKey.Compute(kind, Array.ConvertAll(values, value => value switch
        {
            null => new PartitionKeyComponent(ComponentKind.Null),
            bool flag => new(flag ? ComponentKind.True : ComponentKind.False),
            double number => new(ComponentKind.Number, number),
            _ => new(ComponentKind.String, Text: (string)value),
        })));

    /// <summary>What the client library itself computes, by its internal types.</summary>
    private static string Sdk(string kind, string[] paths, params object?[] values)
    {
        var internalKey = Type("Microsoft.Azure.Documents.Routing.PartitionKeyInternal");
        var key = internalKey.GetMethod(
            "FromObjectArray", BindingFlags.Public | BindingFlags.Static, [typeof(IEnumerable<object>), typeof(bool)])!.Invoke(null, [
                values, true
            ]);
        var definitionType = Type("Microsoft.Azure.Documents.PartitionKeyDefinition");
        var definition = Activator.CreateInstance(definitionType)!;
        definitionType.GetProperty("Paths")!.SetValue(definition, new System.Collections.ObjectModel.Collection<string>(paths));
        SetEnum(definition, "Kind", kind);
        SetEnum(definition, "Version", "V2");
        return (string)internalKey
            .GetMethods()
            .Single(
                method => method.Name == "GetEffectivePartitionKeyString" && !method.IsStatic && method.GetParameters().Length is 1 or 2)
            .Invoke(key, [definition, .. Enumerable.Repeat((object)true, ParameterCount(internalKey) - 1)])!;
    }

    private static int ParameterCount(
        Type type) =>
            type.GetMethods().Single(method => method.Name == "GetEffectivePartitionKeyString" && !method.IsStatic).GetParameters().Length;

    private static void SetEnum(object target, string property, string value)
    {
        var info = target.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        info.SetValue(target, Enum.Parse(Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType, value));
    }

    private static Type Type(string name) =>
        Assembly.Load("Microsoft.Azure.Cosmos.Direct").GetType(name) ?? typeof(CosmosClient).Assembly.GetType(name, throwOnError: true)!;
}
