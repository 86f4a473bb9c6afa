using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Orders.CustomerCare.Mcp;

namespace Orders.CustomerCare.Tests.Mcp;

/// <summary>The official client, and answers as one looks at them.</summary>
internal sealed class ToolClient(McpClient client) : IAsyncDisposable
{
    public McpClient Client => client;

    public static async Task<ToolClient> ConnectAsync(HttpClient http) => new(await McpClient.CreateAsync(
        new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(http.BaseAddress!, McpExtensions.Path),
                TransportMode = HttpTransportMode.StreamableHttp,
            },
            http),
        // A server that is slow because the machine is busy is not one of an older protocol.
        new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan },
        cancellationToken: TestContext.Current.CancellationToken));

    public async Task<CallToolResult> CallAsync(string tool, params (string Name, object? Value)[] arguments) => await client.CallToolAsync(
        tool, arguments.ToDictionary(a => a.Name, a => a.Value), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>What a tool answers.</summary>
    public async Task<JsonNode> AskAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await CallAsync(tool, arguments);
        result.IsError.ShouldNotBe(true, TextOf(result));
        var structured = JsonNode.Parse(JsonSerializer.Serialize(result.StructuredContent))!;
        JsonNode.DeepEquals(JsonNode.Parse(TextOf(result)), structured).ShouldBeTrue("clients that know no structured answers read the same");
        return structured;
    }

    /// <summary>Asks what a tool would do, and lets it.</summary>
    public async Task TwiceAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var token = (await AskAsync(tool, arguments))["token"]!.GetValue<string>();
        (await AskAsync(tool, [.. arguments, ("token", token)]))["done"]!.GetValue<bool>().ShouldBeTrue();
    }

    /// <summary>Why a tool refuses.</summary>
    public async Task<string> RefusalAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await CallAsync(tool, arguments);
        result.IsError.ShouldBe(true, TextOf(result));
        return TextOf(result);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static string TextOf(CallToolResult result) => string.Join("\n", result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
