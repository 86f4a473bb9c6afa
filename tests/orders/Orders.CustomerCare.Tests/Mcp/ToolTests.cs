using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using ModelContextProtocol;
using Orders.CustomerCare.Mcp;

namespace Orders.CustomerCare.Tests.Mcp;

public sealed class ToolTests(WithStore service) : IClassFixture<WithStore>
{
    private static readonly string[] Reading =
        ["find_orders", "order_story", "why_stuck", "services", "parked_orders", "preview_replay", "batch_progress", "positions"];

    private static readonly string[] Acting =
    [
        "cancel_order", "refund_order", "resend_notification", "pause_service", "resume_service", "replay_parked_order", "discard_parked_order",
        "replay_parked_orders", "discard_parked_orders", "append_correction_event", "save_position", "rewind_service", "skip_to_now",
    ];

    [Fact]
    public async Task A_caller_is_offered_what_their_role_allows_and_is_refused_the_rest()
    {
        await using var reader = await ConnectAsync(WithStore.ReaderKey);
        await using var agent = await ConnectAsync(WithStore.OperatorKey);
        await using var nobody = await ConnectAsync(null);

        (await NamesAsync(reader)).ShouldBe(Reading, ignoreOrder: true);
        (await NamesAsync(nobody)).ShouldBe(Reading, ignoreOrder: true);
        (await NamesAsync(agent)).ShouldBe([.. Reading, .. Acting], ignoreOrder: true);
        var id = await service.AppendAsync(Given.Placed);
        foreach (var tool in Acting)
            await Should.ThrowAsync<McpException>(() => reader.CallAsync(tool, ("orderId", id), ("service", "tax"), ("reason", "because")));
        (await service.Events.ReadStreamAsync(id, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Every_tool_says_what_it_does_what_it_takes_and_whether_it_changes_anything()
    {
        await using var agent = await ConnectAsync(WithStore.OperatorKey);

        agent.Client.ServerInstructions.ShouldNotBeNull().ShouldContain("two calls");
        foreach (var tool in await agent.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            tool.Description.ShouldNotBeNullOrEmpty(tool.Name);
            tool.ProtocolTool.Annotations!.ReadOnlyHint.ShouldBe(Reading.Contains(tool.Name) ? true : null, tool.Name);
            tool.ProtocolTool.OutputSchema.ShouldNotBeNull(tool.Name);
            foreach (var argument in tool.JsonSchema.GetProperty("properties").EnumerateObject())
                argument.Value.GetProperty("description").GetString().ShouldNotBeNullOrEmpty($"{tool.Name} {argument.Name}");
        }
    }

    [Fact]
    public async Task Where_a_caller_is_required_nobody_is_let_in_without_one()
    {
        await using var closed = service.WithWebHostBuilder(builder => builder.UseSetting("CustomerCare:RequireAuth", "true"));
        using var body = Initialize();

        var refused = await closed.CreateClient().PostAsync(McpExtensions.Path, body, TestContext.Current.CancellationToken);

        (await refused.ProblemAsync(401))["detail"]!.GetValue<string>().ShouldContain("X-Api-Key");
    }

    [Fact]
    public async Task Limits_are_those_of_the_api()
    {
        await using var limited = service.WithWebHostBuilder(
            builder => builder.UseSetting("CustomerCare:RateLimits:RequestsPerSecond", "1").UseSetting("CustomerCare:RateLimits:Burst", "2"));
        var client = limited.CreateClient();

        var refused = await Eventually.GetAsync(
            async () =>
            {
                using var body = Initialize();
                return await client.PostAsync(McpExtensions.Path, body, TestContext.Current.CancellationToken);
            },
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests);

        await refused.ProblemAsync(429);
        refused.Headers.Contains("Retry-After").ShouldBeTrue();
    }

    [Theory]
    [InlineData("order_story", "orderId", "17", "orderId: Must be the id of an order")]
    [InlineData("order_story", "orderId", "0199aa31-6f0c-7c35-9d2e-4a1f0c5b7e99", "orderId: There is no order")]
    [InlineData("order_story", "order", "17", "order: Is not known; there are orderId.")]
    [InlineData("order_story", "order", "17", "orderId: Is needed.")]
    [InlineData("order_story", "orderId", 17, "orderId: Must be a text.")]
    [InlineData("find_orders", "status", "Lost", "status: Must be one of")]
    [InlineData("find_orders", "from", "yesterday", "from: Must be a time")]
    [InlineData("parked_orders", "text", "", null)]
    [InlineData("preview_replay", "orderId", "17", "service: Is needed")]
    [InlineData("batch_progress", "batch", "17", "batch: There is no such batch.")]
    public async Task A_wrong_argument_is_named(string tool, string argument, object value, string? refusal)
    {
        await using var reader = await ConnectAsync(WithStore.ReaderKey);

        if (refusal is null)
            await reader.AskAsync(tool, (argument, value));
        else
            (await reader.RefusalAsync(tool, (argument, value))).ShouldContain(refusal);
    }

    private static StringContent Initialize() => new(
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
        """,
        Encoding.UTF8, "application/json");

    private static async Task<IEnumerable<string>> NamesAsync(ToolClient client) =>
        (await client.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name);

    private Task<ToolClient> ConnectAsync(string? key) => ToolClient.ConnectAsync(service.Client(key));
}
