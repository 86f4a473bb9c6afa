using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChangeFeed.AppHost.Commands;

namespace ChangeFeed.AppHost.Tests.Dashboard;

/// <summary>One running system for all commands.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    public const string Key = "key-of-the-command-tests";

    public RunningPipeline Pipeline { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Pipeline = await RunningPipeline.StartAsync(null, "--care-key", Key);

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}

/// <summary>The commands of the resources, run as the dashboard runs them.</summary>
public sealed partial class ResourceCommandTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    private readonly RunningPipeline _pipeline = system.Pipeline;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_that_is_placed_completes_and_the_page_of_which_the_command_tells_shows_it()
    {
        var message = await SucceedsAsync("orders-api", OrderCommands.PlaceOrder);

        var match = Placed().Match(message);
        match.Success.ShouldBeTrue(message);
        await _pipeline.WithStatusAsync(match.Groups["id"].Value, "Completed");
        using var http = new HttpClient();
        (await http.GetStringAsync(match.Groups["page"].Value, Stop)).ShouldContain(match.Groups["id"].Value);
    }

    [Theory]
    [InlineData("tax", "tax")]
    [InlineData("views", "statistics")]
    public async Task A_worker_is_paused_and_resumed_with_a_reason_that_is_kept(string service, string endpoint)
    {
        (string, string)[] Because(string reason) =>
            service == endpoint ? [(PauseCommands.ReasonName, reason)] : [(PauseCommands.EndpointName, endpoint), (PauseCommands.ReasonName, reason)];

        (await SucceedsAsync(service, PauseCommands.Pause, Because("new rates come in")))
            .ShouldBe($"{endpoint} is paused by development: new rates come in");
        (await IsPausedAsync(endpoint)).ShouldBeTrue();
        (await SucceedsAsync(service, PauseCommands.Resume, Because("they are in")))
            .ShouldBe($"{endpoint} is resumed by development: they are in");
        (await IsPausedAsync(endpoint)).ShouldBeFalse();

        var kept = (await CareAsync($"/care/audit?subject=service/{endpoint}")).GetProperty("records").EnumerateArray()
            .Select(record => (record.GetProperty("action").GetString(), record.GetProperty("why").GetString()));
        // The newest first; other tests pause it too.
        kept.Take(2).ShouldBe([("resume", "they are in"), ("pause", "new rates come in")]);
    }

    [Fact]
    public async Task All_views_are_paused_and_resumed_at_once()
    {
        await SucceedsAsync("views", PauseCommands.Pause, (PauseCommands.EndpointName, "all"), (PauseCommands.ReasonName, "a moment"));
        foreach (var view in ViewCommands.Views)
            (await IsPausedAsync(view)).ShouldBeTrue(view);
        await SucceedsAsync("views", PauseCommands.Resume, (PauseCommands.EndpointName, "all"), (PauseCommands.ReasonName, "over"));
        foreach (var view in ViewCommands.Views)
            (await IsPausedAsync(view)).ShouldBeFalse(view);
    }

    [Fact]
    public async Task The_shopper_starts_and_stops_and_a_wrong_rate_starts_nothing()
    {
        (await FailsAsync("orders-api", OrderCommands.StartShopper, (OrderCommands.RateName, "often")))
            .ShouldBe("rate: Must be a number of orders per second or minute, at most 100/s, such as 5/s or 20/min.");
        (await SucceedsAsync("orders-api", OrderCommands.StartShopper, (OrderCommands.RateName, "5/s"))).ShouldBe("The shopper places 5/s orders.");
        await Eventually.GetAsync(() => CareAsync("/care/shopper"), shopper => shopper.GetProperty("placed").GetInt64() > 0);
        (await SucceedsAsync("orders-api", OrderCommands.StopShopper)).ShouldStartWith("The shopper has stopped; it placed ");
        (await CareAsync("/care/shopper")).TryGetProperty("rate", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_views_are_verified_and_rebuilt_and_what_the_tool_says_is_in_the_log()
    {
        await _pipeline.EndedAsync(await _pipeline.PlaceAsync(OrderClient.Order()));

        (await SucceedsAsync("views", ViewCommands.Verify)).ShouldMatch(@"documents of \d+ views: all as the events say\. \(exit code 0\)$");
        (await SucceedsAsync("views", ViewCommands.Rebuild, (ViewCommands.ViewName, "search"))).ShouldMatch(@"^v2 of search serves\. .*\(exit code 0\)$");
        await Eventually.GetAsync(
            () => Task.FromResult(_pipeline.Output), output => output.Contains("v2 of search serves.", StringComparison.Ordinal));
        await FailsAsync("views", ViewCommands.Rebuild, (ViewCommands.ViewName, "none"));
    }

    [Fact]
    public async Task The_views_to_choose_from_are_those_there_are()
    {
        var (exitCode, output) = await ViewsCommand.RunAsync(_pipeline, "list");
        exitCode.ShouldBe(0, output);
        output.Split(Environment.NewLine).Select(line => line.Split(' ')[0]).Distinct().ShouldBe(ViewCommands.Views, ignoreOrder: true);
    }

    [Fact]
    public async Task Where_customer_care_is_down_a_command_says_so_in_a_sentence()
    {
        await _pipeline.Services["customer-care"].StopAsync(TimeSpan.FromSeconds(30));
        try
        {
            var message = await FailsAsync("payment", PauseCommands.Pause, (PauseCommands.ReasonName, "a test"));
            message.ShouldStartWith($"customer-care does not answer at {_pipeline.Url("customer-care").ToString().TrimEnd('/')}: ");
            message.ShouldNotContain(Environment.NewLine);
        }
        finally
        {
            await _pipeline.Services["customer-care"].StartAsync();
            await Eventually.GetAsync(IsCareHealthyAsync, healthy => healthy);
        }
    }

    private async Task<string> SucceedsAsync(string service, string command, params (string, string)[] arguments)
    {
        var result = await _pipeline.ExecuteAsync(service, command, arguments);
        result.Success.ShouldBeTrue(result.Message);
        return result.Message!;
    }

    private async Task<string> FailsAsync(string service, string command, params (string, string)[] arguments)
    {
        var result = await _pipeline.ExecuteAsync(service, command, arguments);
        result.Success.ShouldBeFalse(result.Message);
        return result.Message!;
    }

    private async Task<bool> IsPausedAsync(string endpoint) => (await CareAsync("/care/services")).EnumerateArray()
        .Single(service => service.GetProperty("standing").GetProperty("name").GetString() == endpoint)
        .GetProperty("control").GetProperty("paused").GetBoolean();

    private async Task<bool> IsCareHealthyAsync()
    {
        try
        {
            using var response = await _pipeline.Care.GetAsync("/health", Stop);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonElement> CareAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Api-Key", RunningSystem.Key } } };
        using var response = await _pipeline.Care.SendAsync(request, Stop);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    [GeneratedRegex(@"^Order (?<id>\S+) is placed; its page is (?<page>http\S+)$")]
    private static partial Regex Placed();
}
