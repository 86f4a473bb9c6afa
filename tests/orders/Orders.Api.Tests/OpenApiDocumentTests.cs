using System.Text.Json.Nodes;

namespace Orders.Api.Tests;

public sealed class OpenApiDocumentTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Every_endpoint_has_a_summary_an_example_and_every_status_code()
    {
        var paths = (await DocumentAsync())["paths"]!;

        Statuses(paths["/orders"]!["post"]!).ShouldBe(["200", "201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503"]);
        Statuses(paths["/orders/{id}"]!["get"]!).ShouldBe(["200", "400", "401", "403", "404", "429", "500", "503"]);
        Statuses(paths["/orders/{id}/cancel"]!["post"]!).ShouldBe(["202", "400", "401", "403", "404", "409", "413", "415", "429", "500", "503"]);
        Statuses(paths["/customers/{id}/orders"]!["get"]!).ShouldBe(["200", "400", "401", "403", "429", "500", "503"]);
        Statuses(paths["/customers/{id}"]!["delete"]!).ShouldBe(["202", "400", "401", "403", "429", "500", "503"]);
        Statuses(paths["/customers/{id}/erasure"]!["get"]!).ShouldBe(["200", "400", "401", "403", "404", "429", "500", "503"]);
        Statuses(paths["/customers/{id}"]!["put"]!).ShouldBe(["200", "201", "400", "401", "403", "409", "412", "413", "415", "429", "500", "503"]);
        Statuses(paths["/customers/{id}/renaming"]!["get"]!).ShouldBe(["200", "400", "401", "403", "404", "429", "500", "503"]);
        Statuses(paths["/products/{id}"]!["get"]!).ShouldBe(["200", "400", "401", "403", "404", "429", "500", "503"]);
        Statuses(paths["/stats"]!["get"]!).ShouldBe(["200", "400", "401", "403", "429", "500", "503"]);
        Statuses(paths["/stats/top-products"]!["get"]!).ShouldBe(["200", "400", "401", "403", "429", "500", "503"]);
        Statuses(paths["/stats/stream"]!["get"]!).ShouldBe(["200", "401", "403", "429", "500", "503"]);
        foreach (var operation in paths.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => o.Value!))
        {
            operation["summary"].ShouldNotBeNull();
            foreach (var (status, response) in operation["responses"]!.AsObject())
            {
                response!["description"]!.GetValue<string>().Length.ShouldBeGreaterThan(5, $"status {status}");
                if (status[0] == '2' && response["content"]!["text/event-stream"] is null)
                    response["content"]!["application/json"]!["example"].ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public async Task A_caller_has_a_key_or_a_token()
    {
        var document = await DocumentAsync();

        document["components"]!["securitySchemes"]!["ApiKey"]!["name"]!.GetValue<string>().ShouldBe("X-Api-Key");
        document["components"]!["securitySchemes"]!["Bearer"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
        document["security"]!.AsArray().Select(either => either!.AsObject().Single().Key).ShouldBe(["ApiKey", "Bearer"]);
    }

    [Fact]
    public async Task The_limits_of_an_order_are_in_the_document()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;

        var order = schemas["PlaceOrderRequest"]!;
        order["required"].Texts().ShouldBe(["customerId", "email", "currency", "paymentToken", "shipTo", "lines"], ignoreOrder: true);
        order["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        order["properties"]!["customerId"]!["maxLength"]!.GetValue<int>().ShouldBe(64);
        order["properties"]!["email"]!["maxLength"]!.GetValue<int>().ShouldBe(254);
        order["properties"]!["lines"]!["minItems"]!.GetValue<int>().ShouldBe(1);
        order["properties"]!["lines"]!["maxItems"]!.GetValue<int>().ShouldBe(100);
        var line = schemas["Line"]!["properties"]!;
        line["quantity"]!["type"]!.GetValue<string>().ShouldBe("integer");
        line["quantity"]!["minimum"]!.GetValue<int>().ShouldBe(1);
        line["quantity"]!["maximum"]!.GetValue<int>().ShouldBe(10_000);
        line["unitPrice"]!["maximum"]!.GetValue<int>().ShouldBe(1_000_000);
    }

    [Fact]
    public async Task The_page_shows_the_document()
    {
        var page = await _client.GetStringAsync("/", TestContext.Current.CancellationToken);
        page.ShouldContain("swagger-ui");
        (await _client.GetStringAsync("/swagger/index.js", TestContext.Current.CancellationToken)).ShouldContain("/openapi/v1.json");
    }

    private async Task<JsonObject> DocumentAsync() => await (await _client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken)).JsonAsync();

    private static IEnumerable<string> Statuses(JsonNode operation) => operation["responses"]!.AsObject().Select(r => r.Key).Order();
}
