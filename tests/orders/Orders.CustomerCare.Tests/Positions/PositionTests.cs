using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.CustomerCare.Tests.Pages;
using Orders.Positions.Commands;

namespace Orders.CustomerCare.Tests.Positions;

/// <summary>Positions by API, page and command: looked at, saved, moved, audited, and what is said to a mistake.</summary>
public sealed class PositionTests(WithStore service) : IClassFixture<WithStore>, IAsyncLifetime
{
    private readonly Reader _reader = new(service);
    private string _order = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Address => $"/care/services/{_reader.Name}";

    public async ValueTask InitializeAsync()
    {
        _order = await service.AppendAsync(Given.Placed);
        await service.AppendToAsync(_order, Given.Taxed); // appended together they would be one place of the feed
        await _reader.StartAsync();
        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 1) > 0);
        await Eventually.UntilAsync(async () => (await GetAsync())["partitions"]!.AsArray().All(p => p!["next"] is null), "it is checkpointed");
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    [Fact]
    public async Task A_rewind_says_what_it_would_do_does_it_once_and_is_audited()
    {
        var target = new { @event = $"{_order}/1" };

        var preview = await (await PostAsync("rewind", target)).JsonAsync();
        preview["again"]!["byType"]!["TaxCalculated"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(1);
        preview["again"]!["byType"]!["OrderPlaced"]?.GetValue<int>().ShouldBeLessThan(preview["again"]!["events"]!.GetValue<int>());
        preview["effects"]!.GetValue<string>().ShouldContain("ask those who wrote it");
        _reader.TimesOf(_order, 1).ShouldBe(1, "a dry run does nothing");
        var move = new { target.@event, dryRun = false, token = preview["token"]!.GetValue<string>(), reason = "the rates were wrong" };
        (await PostAsync("rewind", move)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync("rewind", move)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 1) == 2, "the event again");
        _reader.TimesOf(_order, 0).ShouldBe(1);
        var audit = (await AuditAsync()).Where(record => record!["action"]!.GetValue<string>() == "rewind").ToList();
        audit.ShouldNotBeEmpty();
        audit[0]!["why"]!.GetValue<string>().ShouldBe("the rates were wrong");
        audit[0]!["what"]!["to"]!.GetValue<string>().ShouldBe($"event 1 of stream {_order}");
        audit[0]!["outcome"]!.GetValue<string>().ShouldBe("done");
        (await GetAsync())["move"]!["by"]!.GetValue<string>().ShouldBe("development");
    }

    [Fact]
    public async Task A_skip_of_a_service_that_is_stopped_passes_over_what_waits()
    {
        await _reader.StopAsync();
        var waiting = await service.AppendAsync(Given.Placed);

        var preview = await (await PostAsync("skip", new { })).JsonAsync();
        preview["skipped"]!["events"]!.GetValue<int>().ShouldBe(1);
        preview["effects"]!.GetValue<string>().ShouldContain("never handles what is skipped");
        (await PostAsync("skip", new { dryRun = false, token = preview["token"]!.GetValue<string>(), reason = "a test order" })).StatusCode
            .ShouldBe(HttpStatusCode.Accepted);
        await _reader.StartAsync();
        var later = await service.AppendAsync(Given.Placed);

        await Eventually.UntilAsync(() => _reader.TimesOf(later, 0) == 1, "what comes");
        _reader.TimesOf(waiting, 0).ShouldBe(0);
    }

    [Fact]
    public async Task A_move_that_was_interrupted_is_finished_by_page_api_and_command()
    {
        var agent = new PageClient(service);
        await agent.SignInAsync(WithStore.OperatorKey);
        var page = $"/services/{_reader.Name}/positions";

        await InterruptAsync();
        (await agent.SubmitAsync($"{page}?ask=finish", "confirm", ("Reason", "care was restarted"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await IsFinishedAsync(times: 2);
        await InterruptAsync();
        (await (await PostAsync("positions/finish", new { reason = "again" })).JsonAsync())["finishedAt"].ShouldNotBeNull();
        await IsFinishedAsync(times: 3);
        await InterruptAsync();
        (await RunAsync("finish", _reader.Name, "--reason", "once more")).ShouldBe($"{_reader.Name} goes on at the beginning.\n");
        await IsFinishedAsync(times: 4);

        (await AuditAsync()).Count(record => record!["action"]!.GetValue<string>() == "finish-move").ShouldBe(3);
        (await FailAsync("finish", _reader.Name)).ShouldContain("finish needs a --reason");
        await (await Client().PostAsJsonAsync("/care/services/nobody/positions/finish", new { reason = "why not" }, Stop)).ProblemAsync(404);

        // The move is kept before the first lease is written; this one got no further.
        async Task InterruptAsync()
        {
            var positions = service.Services.GetRequiredService<EndpointPositions>();
            var plan = (await positions.PlanAsync(_reader.Name, PositionTarget.Beginning, Stop))!;
            var controls = service.Database.Controls;
            var move = await positions.LastMoveAsync(_reader.Name, Stop);
            var leases = await LeasesAsync();
            var document = JsonSerializer.SerializeToNode(
                new PositionMove
                {
                    Endpoint = _reader.Name,
                    Operation = plan.Token,
                    Target = "the beginning",
                    By = "ada",
                    Reason = "a test",
                    At = DateTimeOffset.UtcNow,
                    Partitions = [.. leases.Select(lease => lease with { Position = null })],
                    History = move?.History ?? [],
                },
                JsonSerializerOptions.Web)!.AsObject();
            document.Remove("_etag");
            document.Remove("finishedAt");
            await controls.UpsertItemAsync(document, new PartitionKey(_reader.Name), cancellationToken: Stop);
            (await PageClient.TextAsync(await agent.GetAsync(page))).ShouldContain("not finished in all partitions");
        }

        async Task<IReadOnlyList<StoredPosition>> LeasesAsync()
        {
            await service.Services.GetRequiredService<EndpointPositions>().SaveAsync(_reader.Name, "leases", "test", cancellationToken: Stop);
            return (await service.Services.GetRequiredService<EndpointPositions>().SavedAsync(_reader.Name, Stop)).Single(s => s.Name == "leases").Partitions;
        }

        async Task IsFinishedAsync(int times)
        {
            (await GetAsync())["move"]!["finishedAt"].ShouldNotBeNull();
            await Eventually.UntilAsync(() => _reader.TimesOf(_order, 0) == times && _reader.TimesOf(_order, 1) == times, "everything again");
            await Eventually.UntilAsync(async () => (await GetAsync())["partitions"]!.AsArray().All(p => p!["next"] is null), "it is checkpointed");
        }
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        (await ErrorAsync("rewind", new { name = "nothing" }))["name"]!.ToJsonString().ShouldContain("none is saved at all");
        (await ErrorAsync("rewind", new { time = "2999-01-01T00:00:00Z" }))["time"]!.ToJsonString().ShouldContain("has not come yet");
        (await ErrorAsync("rewind", new { @event = $"{_order}/7" }))["event"]!.ToJsonString().ShouldContain("has no event 7");
        (await ErrorAsync("rewind", new { @event = "seven" }))["event"]!.ToJsonString().ShouldContain("Must be an order and a version");
        (await ErrorAsync("rewind", new { }))["$"]!.ToJsonString().ShouldContain("Say where to");
        (await ErrorAsync("rewind", new { name = "a", beginning = true }))["$"]!.ToJsonString().ShouldContain("Say where to");
        (await ErrorAsync("skip", new { partition = "99" }))["partition"]!.ToJsonString().ShouldContain("There is no partition 99");
        (await ErrorAsync("skip", new { dryRun = false, token = "1.made-up", reason = "why not" }))["token"]!.ToJsonString().ShouldContain("run it dry again");
        (await ErrorAsync("skip", new { dryRun = false })).Select(error => error.Key).ShouldBe(["token", "reason"], ignoreOrder: true);
        (await ErrorAsync("positions", new { name = "a/b" }))["name"]!.ToJsonString().ShouldContain("A name has");
        await (await Client().PostAsJsonAsync("/care/services/nobody/skip", new { }, Stop)).ProblemAsync(404);
        await (await Client().GetAsync("/care/services/nobody/positions", Stop)).ProblemAsync(404);
        await (await service.Client(WithStore.ReaderKey).PostAsJsonAsync($"{Address}/skip", new { }, Stop)).ProblemAsync(403);
    }

    [Fact]
    public async Task The_page_saves_a_position_shows_what_a_rewind_would_do_and_does_it()
    {
        var agent = new PageClient(service);
        await agent.SignInAsync(WithStore.OperatorKey);
        var page = $"/services/{_reader.Name}/positions";
        (await agent.SubmitAsync($"{page}?ask=save&as=before", "confirm", ("Reason", ""))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await service.AppendToAsync(_order, Given.Paid);
        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 2) == 1, "the third event");
        await Eventually.UntilAsync(async () => (await GetAsync())["partitions"]!.AsArray().All(p => p!["next"] is null), "it is checkpointed");

        var html = await PageClient.TextAsync(await agent.GetAsync($"{page}?ask=rewind&saved=before"));
        html.ShouldContain("Move to the position saved as &#x27;before&#x27;?");
        html.ShouldContain("Payment captured");
        (await agent.SubmitAsync($"{page}?ask=rewind&saved=before", "confirm", ("Reason", "once more"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 2) == 2, "the third event again");
        _reader.TimesOf(_order, 1).ShouldBe(1);
        (await PageClient.TextAsync(await agent.GetAsync(page))).ShouldContain("once more");
        (await PageClient.TextAsync(await agent.GetAsync($"{page}?ask=rewind&time=2999-01-01T00:00")))
            .ShouldContain("time: 2999-01-01T00:00:00Z has not come yet");
        (await PageClient.TextAsync(await agent.GetAsync("/services/nobody/positions"))).ShouldContain("There is no such service");
    }

    [Fact]
    public async Task The_command_shows_saves_and_moves_and_names_a_mistake()
    {
        (await RunAsync("save", _reader.Name, "--name", "by-command")).ShouldBe($"{_reader.Name} is saved as by-command.\n");
        (await RunAsync("show", _reader.Name)).ShouldContain("saved: by-command by development");
        var dry = await RunAsync("rewind", _reader.Name, "--event", $"{_order}/0");
        dry.ShouldContain("OrderPlaced");
        var token = System.Text.RegularExpressions.Regex.Match(dry, "--token ([^ ]+)").Groups[1].Value;
        (await RunAsync("rewind", _reader.Name, "--event", $"{_order}/0", "--token", token, "--reason", "a try"))
            .ShouldBe($"{_reader.Name} goes on at event 0 of stream {_order}.\n");
        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 0) == 2, "the event again");
        (await RunAsync("help")).ShouldContain("rewind SERVICE");

        (await FailAsync("rewind", _reader.Name, "--name", "nothing")).ShouldContain("--name: No position of");
        (await FailAsync("rewind", _reader.Name)).ShouldContain("options: Say where to");
        (await FailAsync("show", "nobody")).ShouldContain("There is no service 'nobody'");
        (await FailAsync("shw", _reader.Name)).ShouldContain("'shw' is not understood");
        (await FailAsync("show")).ShouldContain("'show' needs the name of a service");
        (await FailAsync("show", "tax", "--nme", "x")).ShouldContain("'--nme' is no option");
        (await FailAsync("show", "tax", "--name")).ShouldContain("'--name' needs a value");
        (await FailAsync("show", "tax", "--care", "here")).ShouldContain("--care is 'here'");
        (await FailAsync("skip", _reader.Name, "--token", "1.a")).ShouldContain("--token needs a --reason");
    }

    private HttpClient Client() => service.Client(WithStore.OperatorKey);

    private async Task<JsonNode> GetAsync() => await (await Client().GetAsync($"{Address}/positions", Stop)).JsonAsync();

    private Task<HttpResponseMessage> PostAsync(string action, object body) => Client().PostAsJsonAsync($"{Address}/{action}", body, Stop);

    private async Task<JsonObject> ErrorAsync(string action, object body) => (await (await PostAsync(action, body)).ProblemAsync(400))["errors"]!.AsObject();

    private async Task<JsonArray> AuditAsync() =>
        (await (await Client().GetAsync($"/care/audit?subject=service/{_reader.Name}", Stop)).JsonAsync())["records"]!.AsArray();

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await CommandAsync(arguments);
        code.ShouldBe(0, error);
        return output;
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var (code, _, error) = await CommandAsync(arguments);
        code.ShouldBe(1);
        return error;
    }

    private async Task<(int Code, string Output, string Error)> CommandAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        return (await PositionCommands.RunAsync(arguments, output, error, Client(), Stop), output.ToString(), error.ToString());
    }
}
