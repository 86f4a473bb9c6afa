using System.Text.Json.Nodes;
using Orders.CustomerCare.Tests.Positions;

namespace Orders.CustomerCare.Tests.Mcp;

public sealed class PositionToolTests(WithStore service) : IClassFixture<WithStore>, IAsyncLifetime
{
    private readonly Reader _reader = new(service);
    private string _order = "";

    public async ValueTask InitializeAsync()
    {
        _order = await service.AppendAsync(Given.Placed);
        await service.AppendToAsync(_order, Given.Taxed); // appended together they would be one place of the feed
        await _reader.StartAsync();
        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 1) > 0);
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    [Fact]
    public async Task A_rewind_is_run_dry_first_and_then_done_once_as_it_was_told()
    {
        await using var agent = await ConnectAsync();
        await StandsAtTheEndAsync(agent);
        (string, object?)[] rewind = [("service", _reader.Name), ("event", $"{_order}/1"), ("reason", "the rates were wrong")];

        var asked = await agent.AskAsync("rewind_service", rewind);
        asked["done"]!.GetValue<bool>().ShouldBeFalse();
        var says = asked["says"]!.AsArray().Select(s => s!.GetValue<string>()).ToList();
        says[0].ShouldBe($"{_reader.Name} would go on at event 1 of stream {_order}.");
        says[1].ShouldContain("TaxCalculated");
        says[1].ShouldContain("request units");
        says[^1].ShouldContain("ask those who wrote it");
        _reader.TimesOf(_order, 1).ShouldBe(1, "a dry run does nothing");
        var done = await agent.AskAsync("rewind_service", [.. rewind, ("token", TokenOf(asked))]);
        done["done"]!.GetValue<bool>().ShouldBeTrue();

        await Eventually.UntilAsync(() => _reader.TimesOf(_order, 1) == 2, "the event again");
        _reader.TimesOf(_order, 0).ShouldBe(1);
        (await agent.RefusalAsync("rewind_service", [.. rewind, ("token", TokenOf(asked))])).ShouldStartWith("token: Was used already.");
        (await service.AuditAsync($"service/{_reader.Name}")).Select(r => (r!["action"]!.GetValue<string>(), r["outcome"]!.GetValue<string>())).ShouldBe(
            [("rewind", "done"), ($"ask-rewind to event 1 of stream {_order}", "confirmed")]);
        (await agent.AskAsync("positions", ("service", _reader.Name)))["move"]!["by"]!.GetValue<string>().ShouldBe("development");
    }

    [Fact]
    public async Task A_position_is_saved_shown_and_found_again_and_what_waits_is_passed_over()
    {
        await using var agent = await ConnectAsync();
        await StandsAtTheEndAsync(agent);
        (string, object?)[] save = [("service", _reader.Name), ("name", "before"), ("reason", "ask ada@example.com")];

        var asked = await agent.AskAsync("save_position", save);
        (await agent.AskAsync("positions", ("service", _reader.Name)))["saved"]!.AsArray().ShouldBeEmpty();
        await agent.AskAsync("save_position", [.. save, ("token", TokenOf(asked))]);
        var saved = (await agent.AskAsync("positions", ("service", _reader.Name)))["saved"]!.AsArray().ShouldHaveSingleItem()!;
        saved["name"]!.GetValue<string>().ShouldBe("before");
        saved["reason"]!.GetValue<string>().ShouldNotContain("example.com");

        await _reader.StopAsync();
        var waiting = await service.AppendAsync(Given.Placed);
        var skip = await agent.AskAsync("skip_to_now", ("service", _reader.Name), ("reason", "a test order"));
        skip["says"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldContain(s => s.StartsWith("1 events of 1 orders would never be handled"));
        await agent.TwiceAsync("skip_to_now", ("service", _reader.Name), ("reason", "a test order"));
        await agent.TwiceAsync("rewind_service", ("service", _reader.Name), ("name", "before"), ("reason", "it was none"));
        await _reader.StartAsync();

        await Eventually.UntilAsync(() => _reader.TimesOf(waiting, 0) == 1, "what was passed over");
    }

    [Fact]
    public async Task A_token_of_a_dry_run_is_no_good_when_another_would_say_something_else()
    {
        await using var agent = await ConnectAsync();
        await StandsAtTheEndAsync(agent);
        (string, object?)[] save = [("service", _reader.Name), ("name", "here")];
        (string, object?)[] rewind = [("service", _reader.Name), ("name", "here"), ("reason", "because")];
        await agent.TwiceAsync("save_position", save);
        var asked = await agent.AskAsync("rewind_service", rewind);
        var another = await service.AppendAsync(Given.Placed);
        await Eventually.UntilAsync(() => _reader.TimesOf(another, 0) > 0);
        await StandsAtTheEndAsync(agent);
        await agent.TwiceAsync("save_position", save);

        (await agent.RefusalAsync("rewind_service", [.. rewind, ("token", TokenOf(asked))])).ShouldContain("run it dry again");
    }

    [Fact]
    public async Task A_wrong_target_is_refused_and_named()
    {
        await using var agent = await ConnectAsync();

        (await agent.RefusalAsync("positions", ("service", "nobody"))).ShouldStartWith("service: There is no such service");
        (await agent.RefusalAsync("rewind_service", ("service", "nobody"), ("to", "beginning"), ("reason", "because")))
            .ShouldStartWith("service: There is no such service");
        (await agent.RefusalAsync("save_position", ("service", "nobody"), ("name", "x"))).ShouldStartWith("service: There is no such service");
        (await agent.RefusalAsync("rewind_service", ("service", _reader.Name), ("reason", "because"))).ShouldContain("one of 'name', 'time', 'event'");
        (await agent.RefusalAsync("rewind_service", ("service", _reader.Name), ("event", "3"), ("reason", "because"))).ShouldStartWith("event: ");
        (await agent.RefusalAsync("rewind_service", ("service", _reader.Name), ("time", "yesterday"), ("reason", "because"))).ShouldStartWith("time: ");
        (await agent.RefusalAsync("rewind_service", ("service", _reader.Name), ("name", "nothing"), ("reason", "because"))).ShouldStartWith("name: ");
    }

    private async Task StandsAtTheEndAsync(ToolClient agent) => await Eventually.UntilAsync(
        async () => (await agent.AskAsync("positions", ("service", _reader.Name)))["partitions"]!.AsArray().All(p => p!["next"] is null), "it is checkpointed");

    private static string TokenOf(JsonNode asked) => asked["token"]!.GetValue<string>();

    private Task<ToolClient> ConnectAsync() => ToolClient.ConnectAsync(service.Client(WithStore.OperatorKey));
}
