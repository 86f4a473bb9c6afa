using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orders.Api.Tests;

internal static class Http
{
    public static Task<HttpResponseMessage> PostAsync(
        this HttpClient client, string url, string body, string? key = null, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();

    /// <summary>The problem in an answer, once it is seen to be a proper one of the expected status.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(text)!.AsObject();
        problem["status"]!.GetValue<int>().ShouldBe(status);
        problem["title"]!.GetValue<string>().ShouldNotBeEmpty();
        problem["traceId"]!.GetValue<string>().ShouldNotBeEmpty();
        text.ShouldNotContain("   at ");
        return problem;
    }

    public static IEnumerable<string> Fields(this JsonObject problem) => problem["errors"]!.AsObject().Select(e => e.Key);

    public static IReadOnlyList<string> Texts(this JsonNode? list) => list.Deserialize<List<string>>() ?? [];
}
