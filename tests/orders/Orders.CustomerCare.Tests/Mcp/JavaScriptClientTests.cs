using System.Text.Json.Nodes;
using Orders.CustomerCare.Mcp;

namespace Orders.CustomerCare.Tests.Mcp;

/// <summary>The official client of another language, which shares no code with the server. Skipped where Node or the package cannot be had.</summary>
public sealed class JavaScriptClientTests : IAsyncLifetime
{
    private static readonly NodePackage Sdk = new("@modelcontextprotocol/sdk", "1.32.2");

    private readonly WithStore _service = new();
    private string _modules = "";

    public async ValueTask InitializeAsync()
    {
        _modules = await Sdk.InstallAsync();
        await ((IAsyncLifetime)_service).InitializeAsync();
        _service.UseKestrel(0);
        _service.StartServer();
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task The_official_javascript_client_lists_the_tools_tells_a_story_and_cancels_in_two_calls()
    {
        var id = await _service.AppendAsync(Given.Placed, Given.Taxed);
        await _service.ParkAsync("payment", id, "No answer.");

        var (code, output, errors) = await NodePackage.RunAsync(
            TimeSpan.FromMinutes(1), _modules, "node", Path.Combine(AppContext.BaseDirectory, "Mcp", "client.cjs"),
            new Uri(_service.ClientOptions.BaseAddress, McpExtensions.Path).ToString(), WithStore.OperatorKey, id);

        code.ShouldBe(0, output + errors);
        var answer = JsonNode.Parse(output)!;
        answer["tools"]!.AsArray().Select(tool => tool!.GetValue<string>()).ShouldContain("cancel_order");
        answer["events"]!.GetValue<int>().ShouldBe(2);
        (answer["asked"]!.GetValue<bool>(), answer["done"]!.GetValue<bool>()).ShouldBe((false, true));
        (answer["refused"]!.GetValue<bool>(), answer["why"]!.GetValue<string>()[..30]).ShouldBe((true, "orderId: Must be the id of an "));
        (await _service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken)).Count.ShouldBe(3);
    }
}
