using System.Text.Json.Nodes;

namespace Orders.CustomerCare.Tests;

public sealed class OpenApiDocumentTests(WithoutStore service) : IClassFixture<WithoutStore>
{
    private readonly HttpClient _client = service.CreateClient();

    [Fact]
    public async Task Every_endpoint_has_a_summary_an_example_and_its_errors()
    {
        var document = await (await _client.GetAsync("/openapi/v1.json", key: null)).JsonAsync();

        var paths = document["paths"]!.AsObject();
        paths.Select(path => path.Key).ShouldBe(
        [
            "/care/orders/{id}", "/care/orders/{id}/at", "/care/orders/{id}/events", "/care/orders/{id}/events/{version}", "/care/orders/{id}/causation",
                "/care/orders/{id}/cancel", "/care/orders/{id}/refund", "/care/orders/{id}/resend-notification",
            "/care/search", "/care/overdue",
            "/care/audit", "/care/costs", "/care/services", "/care/shopper", "/care/services/{name}/pause", "/care/services/{name}/resume",
            "/care/services/{name}/positions", "/care/services/{name}/positions/finish", "/care/services/{name}/rewind", "/care/services/{name}/skip",
            "/care/dead-letters", "/care/dead-letters/replay", "/care/dead-letters/discard", "/care/dead-letters/batches", "/care/dead-letters/batches/{id}",
            "/care/dead-letters/{service}/{id}", "/care/dead-letters/{service}/{id}/replay", "/care/dead-letters/{service}/{id}/discard",
            "/care/dead-letters/{service}/{id}/{version}/correct",
        ], ignoreOrder: true);
        foreach (var (path, operation) in paths.SelectMany(
            path => path.Value!.AsObject().Where(o => o.Key is "get" or "post" or "put" or "delete").Select(o => (path.Key, o.Value!))))
        {
            operation["summary"].ShouldNotBeNull(path);
            operation["tags"]!.AsArray().Count.ShouldBe(1, path);
            if (operation["requestBody"] is { } body)
                body["content"]!["application/json"]!["example"].ShouldNotBeNull(path);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                parameter!["description"].ShouldNotBeNull($"{path} {parameter["name"]}");
                // One that may be left out would be sent along by whoever tries the address on the page.
                if (parameter["in"]!.GetValue<string>() == "path")
                    parameter["example"].ShouldNotBeNull($"{path} {parameter["name"]}");
            }

            var responses = operation["responses"]!.AsObject();
            foreach (var (_, answer) in responses.Where(r => r.Key is "200" or "202"))
                answer!["content"]!["application/json"]!["example"].ShouldNotBeNull(path);
            string[] expected = ["401", "403", "429", "500", "503", .. path.Contains('{') ? ["404"] : Array.Empty<string>()];
            foreach (var status in expected)
                responses.ShouldContainKey(status, path);
        }

        document["components"]!["securitySchemes"]!["ApiKey"]!["name"]!.GetValue<string>().ShouldBe("X-Api-Key");
        document["security"]!.AsArray().Select(either => either!.AsObject().Single().Key).ShouldBe(["ApiKey", "Bearer"]);
    }

    [Fact]
    public async Task The_page_shows_the_document() =>
        (await _client.GetStringAsync("/swagger/index.js", TestContext.Current.CancellationToken)).ShouldContain("/openapi/v1.json");
}
