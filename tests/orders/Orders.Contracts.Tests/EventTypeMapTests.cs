using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Orders.Contracts.Tests;

public sealed partial class EventTypeMapTests
{
    public static TheoryData<object> Events =>
        [
            Given.Placed, Given.Taxed, Given.Captured, Given.Declined, Given.Shipped, Given.Rejected, Given.Cancelled,
            Given.Refunded, Given.Notified(NoticeKind.Rejected), Given.RefundAsked, Given.NoticeAsked,
            new NoticeDropped(NoticeKind.Shipped, "the customer was erased"), new PersonalDataErased(60),
        ];

    [Theory, MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void Every_event_survives_being_stored(object e)
    {
        var (name, schema) = OrderEvents.Map.Describe(e);
        var read = OrderEvents.Map.Read(name, schema, Json(e));
        read.GetType().ShouldBe(e.GetType());
        Json(read).GetRawText().ShouldBe(Json(e).GetRawText());
    }

    [Fact]
    public void Every_registered_name_is_an_event_of_the_order() =>
        OrderEvents.Map.Names.Order().ShouldBe(Events.Select(row => row.Data.GetType().Name).Order());

    [Fact]
    public void An_older_schema_is_upcast_step_by_step()
    {
        var read = Map.Read("Renamed", 1, JsonDocument.Parse("""{"full":"Ada Lovelace"}""").RootElement);
        read.ShouldBe(new Renamed("Ada", "Lovelace", "unknown"));
        Map.Read("Renamed", 2, JsonDocument.Parse("""{"first":"Ada","last":"L"}""").RootElement).ShouldBe(new Renamed("Ada", "L", "unknown"));
        Map.Describe(read).ShouldBe(("Renamed", 3));
    }

    [Theory]
    [InlineData(1, """{"reason":"insufficient funds","currency":"USD","amount":110.03}""", DeclineCode.InsufficientFunds, "insufficient funds")]
    [InlineData(1, """{"reason":"unknown token","currency":"USD","amount":110.03}""", DeclineCode.UnknownToken, "unknown token")]
    [InlineData(1, """{"reason":"expired","currency":"USD","amount":110.03}""", DeclineCode.Unspecified, "expired")]
    [InlineData(2, """{"code":"UnknownToken","reason":"no such token","currency":"USD","amount":110.03}""", DeclineCode.UnknownToken, "no such token")]
    public void A_declined_payment_is_read_whichever_schema_it_was_stored_in(int schema, string data, DeclineCode code, string reason) =>
        OrderEvents.Map.Read("PaymentDeclined", schema, JsonDocument.Parse(data).RootElement).ShouldBe(new PaymentDeclined(code, reason, "USD", 110.03m));

    [Fact]
    public void Data_an_upcaster_cannot_work_on_is_refused_like_any_data_that_does_not_fit() =>
        Should.Throw<JsonException>(() => OrderEvents.Map.Read("PaymentDeclined", 1, JsonDocument.Parse("""{"reason":5}""").RootElement))
            .Message.ShouldContain("'PaymentDeclined' could not be brought from schema 1 to 2");

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

    private static JsonElement Json(object e)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            OrderEvents.Map.Write(writer, e);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
