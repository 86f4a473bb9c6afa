using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.PersonalData;

namespace Orders.Api.Tests.PersonalData;

public sealed class PersonalDataProtectorTests
{
    private const string LooksSealed = "sealed1.Yy0xMDAx.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; // for c-1001, under no key

    private static readonly OrderPlaced Order = new(
        "c-1001", "ada@example.org", "USD", LooksSealed,
        new Address("Ada Lovelace", "1 Main St", "Seattle", "98101", "US", "Flat 2", "WA"),
        [new OrderLine("KB-01", LooksSealed, 2, 49.90m)], 99.80m);

    private readonly CustomerKeysInMemory _keys = new();
    private readonly PersonalDataProtector _personal;

    public PersonalDataProtectorTests() => _personal = new PersonalDataProtector(_keys);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_declared_fields_of_a_document_are_opened_whatever_the_others_begin_with()
    {
        var document = Document(await _personal.SealAsync(Order, Stop));

        var shown = await ShowAsync(document);

        JsonNode.DeepEquals(shown["data"], Json(Order)).ShouldBeTrue(shown["data"]!.ToJsonString());
        shown["meta"]!["by"]!.GetValue<string>().ShouldBe(LooksSealed);
    }

    [Theory]
    [InlineData("sealed1.")]
    [InlineData("sealed1.Yy0xMDAx.short")]
    [InlineData("sealed1.not base64.x")]
    [InlineData("sealed1.bm9ib2R5.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_declared_field_that_only_looks_sealed_is_its_text(string text)
    {
        await _keys.GetOrCreateAsync("c-1001", "", Stop);
        var order = Order with { ShipTo = Order.ShipTo with { Name = text } };

        (await ShowAsync(Document(order)))["data"]!["shipTo"]!["name"]!.GetValue<string>().ShouldBe(text);
        (await _personal.RevealAsync(order, Stop)).ShipTo.Name.ShouldBe(text);
    }

    [Fact]
    public async Task A_declared_field_its_key_does_not_open_is_shown_as_unreadable_and_nothing_is_sent_to_it()
    {
        var order = await _personal.SealAsync(Order, Stop) with { Email = LooksSealed };

        var shown = await ShowAsync(Document(order));
        var refused = await Should.ThrowAsync<UnreadablePersonalDataException>(_personal.RevealAsync(order, Stop));

        shown["data"]!["email"]!.GetValue<string>().ShouldBe("unreadable");
        shown["data"]!["shipTo"]!["name"]!.GetValue<string>().ShouldBe("Ada Lovelace");
        refused.Message.ShouldStartWith("A personal field of customer 'c-1001' cannot be opened");
        refused.Message.ShouldNotContain("sealed1");
    }

    [Fact]
    public async Task Without_any_key_the_fields_are_shown_as_they_are_stored()
    {
        var document = Document(await _personal.SealAsync(Order, Stop));

        var shown = JsonNode.Parse((await new PersonalDataProtector(new CustomerKeysInMemory()).RevealAsync(document, Stop)).GetRawText())!;

        shown["data"]!["email"]!.GetValue<string>().ShouldBe(document.GetProperty("data").GetProperty("email").GetString());
    }

    [Fact]
    public async Task What_is_sealed_for_another_customer_is_not_opened_here()
    {
        var other = await _personal.SealAsync(Order with { CustomerId = "c-2002", Email = "bob@example.org" }, Stop);
        var order = await _personal.SealAsync(Order, Stop) with { Email = other.Email };

        (await ShowAsync(Document(order)))["data"]!["email"]!.GetValue<string>().ShouldBe(other.Email);
        (await _personal.RevealAsync(order, Stop)).Email.ShouldBe(other.Email);
    }

    [Fact]
    public async Task The_recipient_of_a_notice_is_opened_and_reads_erased_after_an_erasure()
    {
        var recipient = (await _personal.SealAsync(Order, Stop)).Email;
        var notice = JsonSerializer.SerializeToElement(new { data = new { notice = "Shipped", recipient, subject = recipient } });

        var shown = await ShowAsync(notice);
        await _keys.DropAsync("c-1001", Stop);
        var erased = await ShowAsync(notice);

        shown["data"]!["recipient"]!.GetValue<string>().ShouldBe("ada@example.org");
        shown["data"]!["subject"]!.GetValue<string>().ShouldBe(recipient);
        erased["data"]!["recipient"]!.GetValue<string>().ShouldBe("erased");
    }

    [Theory]
    [InlineData("17")]
    [InlineData("[]")]
    [InlineData("""{"data":17}""")]
    [InlineData("""{"data":{"email":17,"shipTo":"x","recipient":null}}""")]
    [InlineData("""{"data":{"email":"\ud800","customerId":"\ud800"}}""")]
    public async Task A_document_of_another_shape_is_shown_as_it_is(string document) =>
        (await _personal.RevealAsync(JsonDocument.Parse(document).RootElement, Stop)).GetRawText().ShouldBe(document);

    [Fact]
    public void The_paths_are_those_of_the_fields_that_are_sealed()
    {
        var changed = new List<string>();
        foreach (var e in new object[] { Order, new CustomerNotified(NoticeKind.Shipped, "mail", "ada@example.org", "Subject", "id") })
        {
            var (before, after) = (Json(e), Json(PersonalFields.Map(e, _ => "changed")));
            changed.AddRange(Texts("", before).Except(Texts("", after)).Select(text => text.Path));
        }

        changed.ShouldBe(PersonalFields.Paths, ignoreOrder: true);
    }

    private async Task<JsonNode> ShowAsync(JsonElement document) => JsonNode.Parse((await _personal.RevealAsync(document, Stop)).GetRawText())!;

    private static JsonElement Document(OrderPlaced order) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["type"] = "OrderPlaced",
        ["data"] = JsonSerializer.SerializeToNode(order, ContractsJson.Default.OrderPlaced),
        ["meta"] = new JsonObject { ["by"] = LooksSealed },
    });

    private static JsonObject Json(object e) => JsonSerializer.SerializeToNode(e, ContractsJson.Default.GetTypeInfo(e.GetType())!)!.AsObject();

    private static IEnumerable<(string Path, string Text)> Texts(string path, JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Texts(path.Length == 0 ? m.Key : $"{path}.{m.Key}", m.Value)),
        JsonValue value => [(path, value.ToJsonString())],
        _ => [],
    };
}
