using System.Text.Json.Nodes;
using Orders.CustomerCare.Mcp;

namespace Orders.CustomerCare.Tests.Mcp;

/// <summary>The inspector of the protocol's authors: a client that shares no code with the server. Skipped where Node cannot be had.</summary>
public sealed class InspectorTests : IAsyncLifetime
{
    private static readonly NodePackage Inspector = new("@modelcontextprotocol/inspector-cli", "1.0.3");

    private readonly WithStore _service = new();
    private string _program = "";

    public async ValueTask InitializeAsync()
    {
        _program = Path.Combine(await Inspector.InstallAsync(), "node_modules", "@modelcontextprotocol", "inspector-cli", "build", "cli.js");
        await ((IAsyncLifetime)_service).InitializeAsync();
        _service.UseKestrel(0);
        _service.StartServer();
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task The_inspector_lists_the_tools_tells_a_story_and_cancels_in_two_calls()
    {
        var id = await _service.AppendAsync(Given.Placed, Given.Taxed);

        var tools = (await InspectAsync("--method", "tools/list"))["tools"]!.AsArray();
        tools.Select(tool => tool!["name"]!.GetValue<string>()).ShouldContain("cancel_order");

        var story = await CallAsync("order_story", $"orderId={id}");
        story["events"]!.AsArray().Count.ShouldBe(2);
        var asked = await CallAsync("cancel_order", $"orderId={id}", "reason=the customer called");
        asked["done"]!.GetValue<bool>().ShouldBeFalse();
        var done = await CallAsync("cancel_order", $"orderId={id}", "reason=the customer called", $"token={asked["token"]}");
        done["done"]!.GetValue<bool>().ShouldBeTrue();
        (await _service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken)).Count.ShouldBe(3);
    }

    private async Task<JsonNode> CallAsync(string tool, params string[] arguments)
    {
        var answer = await InspectAsync(
            ["--method", "tools/call", "--tool-name", tool, .. arguments.SelectMany(argument => new[] { "--tool-arg", argument })]);
        answer["isError"]?.GetValue<bool>().ShouldBeFalse(answer.ToJsonString());
        return answer["structuredContent"]!;
    }

    private async Task<JsonNode> InspectAsync(params string[] arguments)
    {
        var address = new Uri(_service.ClientOptions.BaseAddress, McpExtensions.Path);
        var (code, output, errors) = await NodePackage.RunAsync(
            TimeSpan.FromMinutes(1), "node",
            [_program, "--cli", $"{address}", "--transport", "http", "--header", $"X-Api-Key: {WithStore.OperatorKey}", .. arguments]);
        code.ShouldBe(0, output + errors);
        return JsonNode.Parse(output)!;
    }
}
