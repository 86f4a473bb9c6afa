using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orders.Api.PlacingAnOrder;
using Orders.Web;

namespace Orders.Api.Tests.PlacingAnOrder;

public sealed class PlaceOrderRequestTests
{
    [Fact]
    public void A_complete_order_is_read()
    {
        var request = Read(Bodies.Order());

        request.CustomerId.ShouldBe("c-1001");
        request.ShipTo.Region.ShouldBe("WA");
        request.Lines.ShouldHaveSingleItem().ShouldBe(new Line { Sku = "KB-01", Name = "Keyboard", Quantity = 2, UnitPrice = 49.90m });
        request.Subtotal.ShouldBe(99.80m);
    }

    [Fact]
    public void What_is_optional_may_be_left_out_or_null()
    {
        var body = Bodies.Order();
        body["shipTo"]!.AsObject().Remove("region");
        body["shipTo"]!["line2"] = null;

        Read(body).ShipTo.ShouldSatisfyAllConditions(to => to.Region.ShouldBeNull(), to => to.Line2.ShouldBeNull());
    }

    [Fact]
    public void White_space_around_texts_does_not_count() =>
        Read(Bodies.With("shipTo.name", "\"  Ada Lovelace \"")).ShipTo.Name.ShouldBe("Ada Lovelace");

    [Theory]
    [InlineData("USD", "49.9", "49.90")]
    [InlineData("USD", "49.900", "49.90")]
    [InlineData("USD", "4990e-2", "49.90")]
    [InlineData("USD", "1e2", "100.00")]
    [InlineData("USD", "0", "0.00")]
    [InlineData("USD", "-0.0", "0.00")]
    [InlineData("USD", "1000000", "1000000.00")]
    [InlineData("JPY", "500", "500")]
    [InlineData("KWD", "0.125", "0.125")]
    public void A_price_is_kept_exactly_with_the_decimals_of_its_currency(string currency, string price, string expected)
    {
        var body = Bodies.With("lines[0].unitPrice", price);
        body["currency"] = currency;

        Read(body).Lines[0].UnitPrice.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2.0")]
    [InlineData("2e0")]
    public void A_whole_number_may_be_written_in_any_way(string quantity) =>
        Read(Bodies.With("lines[0].quantity", quantity)).Lines[0].Quantity.ShouldBe(2);

    [Theory]
    // texts
    [InlineData("customerId", "\"\"", "customerId")]
    [InlineData("customerId", "\"   \"", "customerId")]
    [InlineData("customerId", "null", "customerId")]
    [InlineData("customerId", "17", "customerId")]
    [InlineData("customerId", "\"a/b\"", "customerId")]
    [InlineData("customerId", "\"a b\"", "customerId")]
    [InlineData("customerId", "\"a%2Fb\"", "customerId")]
    [InlineData("customerId", "\".\"", "customerId")]
    [InlineData("customerId", "\"..\"", "customerId")]
    [InlineData("lines[0].sku", "\"..\"", "lines[0].sku")]
    [InlineData("customerId", "\"a\\u0000b\"", "customerId")]
    [InlineData("email", "\"ada\"", "email")]
    [InlineData("email", "\"ada@localhost\"", "email")]
    [InlineData("email", "\"ada@@example.org\"", "email")]
    [InlineData("email", "\"ada@example..org\"", "email")]
    [InlineData("email", "\"Ada <ada@example.org>\"", "email")]
    [InlineData("email", "\"ada@example.org\\r\\nBcc: eve@example.org\"", "email")]
    [InlineData("currency", "\"usd\"", "currency")]
    [InlineData("currency", "\"ABC\"", "currency")]
    [InlineData("currency", "\"XXX\"", "currency")]
    [InlineData("paymentToken", "\"tok visa\"", "paymentToken")]
    [InlineData("shipTo.country", "\"UK\"", "shipTo.country")]
    [InlineData("shipTo.country", "\"USA\"", "shipTo.country")]
    [InlineData("shipTo.city", "\"a\\nb\"", "shipTo.city")]
    [InlineData("shipTo.line2", "\"\"", "shipTo.line2")]
    [InlineData("shipTo.name", "\"\\u200b\\u200d\"", "shipTo.name")]
    [InlineData("shipTo.name", "\"\\u3164\"", "shipTo.name")]
    [InlineData("shipTo.name", "\"Ada \\u202eecalevoL\"", "shipTo.name")]
    [InlineData("shipTo.line1", "\"1 Main St\\u2028Apt 2\"", "shipTo.line1")]
    [InlineData("shipTo.city", "\"Sea\\u2066ttle\"", "shipTo.city")]
    [InlineData("lines[0].name", "\"Key\\uffffboard\"", "lines[0].name")]
    [InlineData("email", "\"ada\\u200b@example.org\"", "email")]
    // objects and lists
    [InlineData("shipTo", "null", "shipTo")]
    [InlineData("shipTo", "[]", "shipTo")]
    [InlineData("lines", "[]", "lines")]
    [InlineData("lines", "{}", "lines")]
    [InlineData("lines", "[null]", "lines[0]")]
    [InlineData("lines", "[[]]", "lines[0]")]
    // numbers
    [InlineData("lines[0].quantity", "1.5", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "\"2\"", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "true", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "0", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "-1", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "10001", "lines[0].quantity")]
    [InlineData("lines[0].quantity", "1e400", "lines[0].quantity")]
    [InlineData("lines[0].unitPrice", "49.901", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "1e-30", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "49.90000000000000000000000000000000001", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "-0.01", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "1000000.01", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "\"49.90\"", "lines[0].unitPrice")]
    [InlineData("lines[0].unitPrice", "null", "lines[0].unitPrice")]
    // fields nobody asked for
    [InlineData("coupon", "\"X\"", "coupon")]
    [InlineData("shipTo.zip", "\"98101\"", "shipTo.zip")]
    [InlineData("lines[0].Quantity", "2", "lines[0].Quantity")]
    public void A_wrong_field_is_named_by_its_path(string path, string value, string expected)
    {
        var body = Bodies.With(path, value);

        Errors(body).Keys.ShouldBe([expected]);
    }

    [Theory]
    [InlineData("customerId")]
    [InlineData("email")]
    [InlineData("currency")]
    [InlineData("paymentToken")]
    [InlineData("shipTo")]
    [InlineData("shipTo.name")]
    [InlineData("shipTo.line1")]
    [InlineData("shipTo.city")]
    [InlineData("shipTo.postalCode")]
    [InlineData("shipTo.country")]
    [InlineData("lines")]
    [InlineData("lines[0].sku")]
    [InlineData("lines[0].name")]
    [InlineData("lines[0].quantity")]
    [InlineData("lines[0].unitPrice")]
    public void A_missing_field_is_named(string path) => Errors(Bodies.Without(path)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
        e => e.Key.ShouldBe(path), e => e.Value.ShouldBe(["Is required."]));

    [Theory]
    [InlineData("customerId", 64)]
    [InlineData("paymentToken", 128)]
    [InlineData("shipTo.name", 200)]
    [InlineData("shipTo.line1", 200)]
    [InlineData("shipTo.line2", 200)]
    [InlineData("shipTo.city", 100)]
    [InlineData("shipTo.region", 100)]
    [InlineData("shipTo.postalCode", 20)]
    [InlineData("lines[0].sku", 64)]
    [InlineData("lines[0].name", 200)]
    public void A_text_may_be_as_long_as_its_limit_and_no_longer(string path, int max)
    {
        Read(Bodies.With(path, $"\"{new string('x', max)}\""));
        Errors(Bodies.With(path, $"\"{new string('x', max + 1)}\"")).Keys.ShouldBe([path]);
    }

    [Fact]
    public void Length_counts_characters_and_not_how_they_are_stored() =>
        Read(Bodies.With("shipTo.name", $"\"{string.Concat(Enumerable.Repeat("😀", 200))}\"")).ShipTo.Name.Length.ShouldBe(400);

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, false)]
    public void An_email_address_may_have_254_characters(int length, bool fine)
    {
        var labels = string.Concat(Enumerable.Repeat(new string('d', 30) + ".", 7));
        var email = ("a@" + labels + "example.").PadRight(length, 'o');

        var body = Bodies.With("email", $"\"{email}\"");
        if (fine)
            Read(body).Email.Length.ShouldBe(254);
        else
            Errors(body).Keys.ShouldBe(["email"]);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void An_order_has_at_most_100_lines(int count, bool fine)
    {
        var body = Bodies.Order();
        body["lines"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => Bodies.Order()["lines"]![0]!.DeepClone())]);

        if (fine)
            Read(body).Lines.Count.ShouldBe(100);
        else
            Errors(body).Keys.ShouldBe(["lines"]);
    }

    [Fact]
    public void An_order_has_a_largest_sum()
    {
        var body = Bodies.With("lines[0].quantity", "10000");
        body["lines"]![0]!["unitPrice"] = 100_001;

        Errors(body)["lines"].ShouldBe(["Must not add up to more than 1000000000 USD."]);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        var body = Bodies.With("lines[0].quantity", "1.5");
        body["lines"]!.AsArray().Add(JsonNode.Parse("""{"sku":"B","name":"","quantity":1,"unitPrice":0.001,"colour":"red"}"""));
        body.Remove("email");
        body["shipTo"]!["country"] = "XX";

        Errors(body).Keys.ShouldBe(
            ["email", "shipTo.country", "lines[0].quantity", "lines[1].name", "lines[1].unitPrice", "lines[1].colour"], ignoreOrder: true);
    }

    [Fact]
    public void Half_a_character_is_no_text_and_no_name() =>
        Errors("""{"\udc00":1,"email":"\ud800",""" + Bodies.Without("email").ToJsonString()[1..]).ShouldSatisfyAllConditions(
            errors => errors.Keys.ShouldBe(["$", "email"], ignoreOrder: true),
            errors => errors["email"].ShouldBe(["Must be valid Unicode."]));

    [Fact]
    public void A_field_given_twice_is_refused() =>
        Errors("""{"customerId":"a",""" + Bodies.Order().ToJsonString()[1..])["customerId"].ShouldBe(["Must be given only once."]);

    [Fact]
    public void A_body_of_nonsense_gets_a_short_answer()
    {
        var body = Bodies.Order();
        for (var i = 0; i < 1000; i++)
            body[$"f{i}"] = 1;

        Errors(body).Count.ShouldBe(FieldErrors.MaxFields);
    }

    [Theory]
    [InlineData("[]", "Must be an object, not a list.")]
    [InlineData("null", "Must be an object, not null.")]
    [InlineData("17", "Must be an object, not a number.")]
    [InlineData("", "The body is empty; it must be a JSON object.")]
    [InlineData("{\n  \"customerId\": oops", "Is not valid JSON: line 2, position 17: 'o' is an invalid start of a value.")]
    [InlineData(
        "{\"a\":1,}", "Is not valid JSON: line 1, position 8: The JSON object contains a trailing comma at the end which is not supported in this mode.")]
    public void A_body_that_is_no_object_is_told_so(string body, string problem) => Errors(body)["$"].ShouldBe([problem]);

    [Fact]
    public void A_body_that_is_not_UTF_8_is_told_so() =>
        Should.Throw<InvalidRequestException>(() => JsonBody<PlaceOrderRequest>.Parse(Encoding.Latin1.GetBytes("{\"customerId\":\"Ä\"}")))
            .Errors!["$"].ShouldBe(["The body must be UTF-8."]);

    [Fact]
    public void A_byte_order_mark_does_no_harm() =>
        JsonBody<PlaceOrderRequest>.Parse(Encoding.UTF8.GetBytes("\uFEFF" + Bodies.Order().ToJsonString())).CustomerId.ShouldBe("c-1001");

    [Fact]
    public void The_pattern_in_the_document_is_the_rule_that_is_checked()
    {
        for (var c = (char)0; c < 256; c++)
            if (!char.IsControl(c))
                (PlaceOrderLimits.Id.Problem(c.ToString()) is null).ShouldBe(
                    Regex.IsMatch(c.ToString(), PlaceOrderLimits.IdPattern, RegexOptions.ECMAScript), $"character {(int)c}");
    }

    private static PlaceOrderRequest Read(JsonNode body) => JsonBody<PlaceOrderRequest>.Parse(Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static IDictionary<string, string[]> Errors(JsonNode body) => Errors(body.ToJsonString());

    private static IDictionary<string, string[]> Errors(string body) =>
        Should.Throw<InvalidRequestException>(() => JsonBody<PlaceOrderRequest>.Parse(Encoding.UTF8.GetBytes(body))).Errors.ShouldNotBeNull();

    [Fact]
    public void What_looks_the_same_is_stored_the_same()
    {
        var order = Bodies.With("shipTo.name", "\"Zoe\\u0308 \\u1112\\u1161\\u11ab\"");

        Read(order).ShipTo.Name.ShouldBe("Zo\u00eb \ud55c");
    }

    [Theory]
    [InlineData("AE")]
    [InlineData("HK")]
    public void A_postal_code_may_be_left_out_where_there_is_none(string country)
    {
        var order = Bodies.Without("shipTo.postalCode");
        order["shipTo"]!["country"] = country;

        Placement.Decide(Read(order)).ShipTo.PostalCode.ShouldBe("");
    }
}
