using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChangeFeed.EventStore.Tests;

public sealed partial class EventTypeMapTests
{
    [Fact]
    public void An_older_schema_is_upcast_step_by_step()
    {
        var read = Map.Read("Renamed", 1, JsonDocument.Parse("""{"full":"Ada Lovelace"}""").RootElement);
        read.ShouldBe(new Renamed("Ada", "Lovelace", "unknown"));
        Map.Read("Renamed", 2, JsonDocument.Parse("""{"first":"Ada","last":"L"}""").RootElement).ShouldBe(new Renamed("Ada", "L", "unknown"));
        Map.Describe(read).ShouldBe(("Renamed", 3));
    }

    [Fact]
    public void Data_an_upcaster_cannot_work_on_is_refused_like_any_data_that_does_not_fit() =>
        Should.Throw<JsonException>(() => Map.Read("Renamed", 1, JsonDocument.Parse("""{"full":5}""").RootElement))
            .Message.ShouldContain("'Renamed' could not be brought from schema 1 to 3");

    [Theory]
    [InlineData("Renamed", 4, "has schema 4; this build knows 1 to 3")]
    [InlineData("Renamed", 0, "has schema 0; this build knows 1 to 3")]
    [InlineData("Nonsense", 1, "No event type 'Nonsense'")]
    public void A_name_or_schema_it_does_not_know_is_refused_by_name(string name, int schema, string message) =>
        Should.Throw<UnknownEventException>(() => Map.Read(name, schema, JsonDocument.Parse("{}").RootElement)).Message.ShouldContain(message);

    [Theory]
    [InlineData("""{"first":"Ada","last":"L"}""")]
    [InlineData("""{"first":"Ada","last":"L","by":null}""")]
    [InlineData("""{"first":"Ada","last":3,"by":"x"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Data_that_does_not_fit_the_type_is_refused(string data) =>
        Should.Throw<JsonException>(() => Map.Read("Renamed", 3, JsonDocument.Parse(data).RootElement));

    internal sealed record Renamed(string First, string Last, string By);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Renamed))]
    private sealed partial class TestJson : JsonSerializerContext;

    private static EventTypeMap Map { get; } = new EventTypeMap().Add(TestJson.Default.Renamed, [SplitName, AddBy]);

    private static JsonObject SplitName(JsonObject data)
    {
        var parts = data["full"]!.GetValue<string>().Split(' ');
        return new JsonObject { ["first"] = parts[0], ["last"] = parts[1] };
    }

    private static JsonObject AddBy(JsonObject data)
    {
        data["by"] = "unknown";
        return data;
    }
}
