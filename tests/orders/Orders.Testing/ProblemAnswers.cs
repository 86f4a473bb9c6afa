using System.Text.Json.Nodes;

namespace Orders.Testing;

/// <summary>Answers that are problem details.</summary>
public static class ProblemAnswers
{
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
}
