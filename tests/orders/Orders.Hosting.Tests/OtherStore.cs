using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Azure.Cosmos;

namespace Orders.Hosting.Tests;

/// <summary>Makes of the embedded store one that does a single thing otherwise.</summary>
internal sealed class OtherStore(string what) : RequestHandler
{
    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        var isProbe = request.RequestUri.OriginalString.Contains("controls", StringComparison.Ordinal);
        var isBatch = request.Headers["x-ms-cosmos-is-batch-request"] is not null;
        var isFeed = request.Headers["A-IM"] is not null;
        switch (what)
        {
            case "batch" when isBatch:
                request.Headers.Set("x-ms-cosmos-batch-atomic", "False");
                request.Headers.Set("x-ms-cosmos-batch-continue-on-error", "True");
                break;
            case "id" when isProbe && !isBatch && request.Method == HttpMethod.Post && request.Content is not null && !isFeed:
                request.Headers.Set("x-ms-documentdb-is-upsert", "True");
                break;
            case "if-match":
                request.Headers.Remove("If-Match");
                break;
            case "killed" when isProbe && (isFeed || (request.Method == HttpMethod.Delete && !request.RequestUri.OriginalString.Contains("self-check", StringComparison.Ordinal))):
                throw new HttpRequestException("It ended here.");
            default:
                break;
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (what == "feed" && isFeed && response.IsSuccessStatusCode)
        {
            var page = (await JsonNode.ParseAsync(response.Content, cancellationToken: cancellationToken))!;
            page["Documents"] = new JsonArray([.. page["Documents"]!.AsArray().Select(document => document!.DeepClone()).Reverse()]);
            var turned = new ResponseMessage(response.StatusCode, request) { Content = new MemoryStream(Encoding.UTF8.GetBytes(page.ToJsonString())) };
            foreach (var name in response.Headers.AllKeys())
                turned.Headers.Set(name, response.Headers[name]);
            return turned;
        }

        return response;
    }
}
