using System.Text.Json;

namespace Orders.Contracts.Tests;

public sealed class OrderEventsTests
{
    public static TheoryData<object> Events =>
        [
            Given.Placed, Given.Taxed, Given.Captured, Given.Declined, Given.Shipped, Given.Rejected, Given.Cancelled,
            Given.Refunded, Given.Notified(NoticeKind.Rejected), Given.RefundAsked, Given.NoticeAsked,
            new NoticeDropped(NoticeKind.Shipped, "the customer was erased"), new PersonalDataErased(60),
            new ShipmentOverdue(TimeSpan.FromDays(3)), new NoticeDue(NoticeKind.Shipped, 1, Guid.Empty),
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
    public void What_timers_hold_is_not_personal()
    {
        foreach (var due in new object[] { Given.Cancelled, new ShipmentOverdue(TimeSpan.FromDays(3)), new NoticeDue(NoticeKind.Shipped, 1, Guid.Empty) })
            PersonalFields.Map(due, _ => throw new InvalidOperationException("It is personal.")).ShouldBe(due);
    }

    [Fact]
    public void Every_registered_name_is_an_event_of_the_order() =>
        OrderEvents.Map.Names.Order().ShouldBe(Events.Select(row => row.Data.GetType().Name).Order());

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

    private static JsonElement Json(object e)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            OrderEvents.Map.Write(writer, e);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
